package dev.osprey.host.rehearsal;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A pair of connections in memory, for byte terminals. */
final class TerminalRig implements ByteSession {
  private static final byte[] BYTES =
      "rehearsal".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final Reset REFUSED = Reset.byUpstream(Reset.Reason.CONNECT_FAILURE, "rehearsal");
  private static final List<Consumer<ByteTerminal>> GOOD =
      List.of(
          ByteTerminal::opened,
          ByteTerminal::connected,
          terminal -> terminal.fromDownstream(Unpooled.wrappedBuffer(BYTES)),
          terminal -> terminal.fromUpstream(Unpooled.wrappedBuffer(BYTES)),
          ByteTerminal::downstreamEnded,
          terminal -> terminal.fromUpstream(Unpooled.wrappedBuffer(BYTES)),
          ByteTerminal::upstreamEnded);
  private static final List<Consumer<ByteTerminal>> IDLE =
      List.of(ByteTerminal::opened, ByteTerminal::connected, ByteTerminal::idle);
  private static final List<Consumer<ByteTerminal>> UNREACHABLE =
      List.of(ByteTerminal::opened, terminal -> terminal.connectFailed(REFUSED));

  private final List<String> calls = new ArrayList<>();
  private boolean closed;

  /**
   * Plays every course, moved and not, and compares.
   *
   * @throws Refusal if a terminal that is moved does something else
   */
  static void check(ByteTerminalPlan plan) throws Refusal {
    for (List<Consumer<ByteTerminal>> course : List.of(GOOD, IDLE, UNREACHABLE)) {
      List<String> still = new TerminalRig().play(plan, course, false);
      List<String> moved = new TerminalRig().play(plan, course, true);
      if (!still.equals(moved)) {
        throw new Refusal("moved between two calls it does " + moved + " instead of " + still);
      }
    }
  }

  /** Plays the usual course once; counts as one message. */
  static long play(ByteTerminalPlan plan, boolean moving) {
    new TerminalRig().play(plan, GOOD, moving);
    return 1;
  }

  private List<String> play(
      ByteTerminalPlan plan, List<Consumer<ByteTerminal>> course, boolean moving) {
    ByteTerminal terminal = plan.open(this);
    for (Consumer<ByteTerminal> step : course) {
      if (closed) {
        break;
      }
      step.accept(terminal);
      if (moving && !closed) {
        terminal = move(plan, terminal);
      }
    }
    return calls;
  }

  private ByteTerminal move(ByteTerminalPlan plan, ByteTerminal terminal) {
    StateRecord record = terminal.detach();
    if (!plan.reads(record)) {
      throw new IllegalStateException("it does not read its own record " + record.format());
    }
    return plan.attach(record, this);
  }

  @Override
  public void connect(ClusterRef cluster) {
    calls.add("connect " + cluster.name());
  }

  @Override
  public void toUpstream(ByteBuf data) {
    calls.add("up " + data.readableBytes());
    data.release();
  }

  @Override
  public void toDownstream(ByteBuf data) {
    calls.add("down " + data.readableBytes());
    data.release();
  }

  @Override
  public void endUpstream() {
    calls.add("end up");
  }

  @Override
  public void endDownstream() {
    calls.add("end down");
  }

  @Override
  public void close(Reset why) {
    calls.add("close " + why.reason());
    closed = true;
  }

  @Override
  public void idleTimeout(Duration timeout) {}

  @Override
  public SocketAddress peer() {
    return End.PEER;
  }
}
