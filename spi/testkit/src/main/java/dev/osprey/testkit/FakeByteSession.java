package dev.osprey.testkit;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.network.ByteSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A byte session that records what a terminal does and what it does wrong. One is lent to one
 * terminal; {@link #renew} gives the next terminal of the same connection its own.
 */
public final class FakeByteSession implements ByteSession {
  private static final SocketAddress PEER = new InetSocketAddress("192.0.2.1", 40_000);

  private final Log log;
  private boolean retired;

  /** A session with a log of its own. */
  public FakeByteSession() {
    this(new Log());
  }

  private FakeByteSession(Log log) {
    this.log = log;
  }

  /** The session for the next terminal of this connection; this one must not be used any more. */
  public FakeByteSession renew() {
    retired = true;
    return new FakeByteSession(log);
  }

  /** What happened, over all terminals of the connection. */
  public Log log() {
    return log;
  }

  @Override
  public void connect(ClusterRef cluster) {
    act("connect " + cluster.name());
    log.connects++;
  }

  @Override
  public void toUpstream(@Owned ByteBuf data) {
    write(data, log.up, log.upEnded, "the upstream");
  }

  @Override
  public void toDownstream(@Owned ByteBuf data) {
    write(data, log.down, log.downEnded, "the client");
  }

  @Override
  public void endUpstream() {
    act("end upstream");
    misuseIf(log.upEnded, "ended the upstream's direction twice");
    log.upEnded = true;
  }

  @Override
  public void endDownstream() {
    act("end downstream");
    misuseIf(log.downEnded, "ended the client's direction twice");
    log.downEnded = true;
  }

  @Override
  public void close(Reset why) {
    act("close " + why.source() + " " + why.reason());
    log.closed = true;
  }

  @Override
  public void idleTimeout(Duration timeout) {
    misuseIf(retired, "idle timeout after detach()");
    misuseIf(log.closed, "idle timeout after close()");
    // Who attaches may set that of its own configuration.
    if (!log.silent) {
      log.acts.add("idle timeout " + timeout);
    }
    log.idleTimeout = timeout;
  }

  @Override
  public SocketAddress peer() {
    return PEER;
  }

  private void write(ByteBuf data, ByteArrayOutputStream to, boolean ended, String whom) {
    misuseIf(ended, "wrote to " + whom + " after the end");
    misuseIf(data.refCnt() <= 0, "wrote a released buffer to " + whom);
    misuseIf(retired || log.closed, "wrote to " + whom + " after detach or close");
    if (data.refCnt() > 0) {
      to.writeBytes(ByteBufUtil.getBytes(data));
      data.release();
    }
  }

  private void act(String what) {
    misuseIf(retired, what + " after detach()");
    misuseIf(log.closed, what + " after close()");
    misuseIf(log.silent, what + " while it was detached or attached");
    log.acts.add(what);
  }

  private void misuseIf(boolean wrong, String what) {
    if (wrong) {
      log.misuses.add(what);
    }
  }

  /** What happened on one connection. */
  public static final class Log {
    private final List<String> acts = new ArrayList<>();
    private final List<String> misuses = new ArrayList<>();
    private final ByteArrayOutputStream up = new ByteArrayOutputStream();
    private final ByteArrayOutputStream down = new ByteArrayOutputStream();
    private Duration idleTimeout = Duration.ZERO;
    private int connects;
    private boolean upEnded;
    private boolean downEnded;
    private boolean closed;
    private boolean silent;

    private Log() {}

    /** Everything but the bytes, in order and in words. */
    public List<String> acts() {
      return List.copyOf(acts);
    }

    /** The breaches of the contract; empty when all is well. */
    public List<String> misuses() {
      return List.copyOf(misuses);
    }

    /** What was sent to the upstream, as ISO-8859-1. */
    public String toUpstream() {
      return up.toString(StandardCharsets.ISO_8859_1);
    }

    /** What was sent to the client, as ISO-8859-1. */
    public String toDownstream() {
      return down.toString(StandardCharsets.ISO_8859_1);
    }

    /** The idle timeout that was set last; zero: none. */
    public Duration idleTimeout() {
      return idleTimeout;
    }

    /** How often the terminal asked for a connection. */
    public int connects() {
      return connects;
    }

    /** True when the direction to the upstream was ended. */
    public boolean isUpstreamEnded() {
      return upEnded;
    }

    /** True when the direction to the client was ended. */
    public boolean isDownstreamEnded() {
      return downEnded;
    }

    /** True when the terminal closed both sides. */
    public boolean isClosed() {
      return closed;
    }

    void silent(boolean nothingAllowed) {
      silent = nothingAllowed;
    }
  }
}
