package dev.osprey.host.fence;

import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A byte terminal behind the fence: whatever it throws ends its pair and nothing else. */
public final class TerminalFence {
  private final ByteTerminal terminal;
  private final Extension extension;
  private final CodecFence.Owner owner;

  private TerminalFence(ByteTerminal terminal, Extension extension, CodecFence.Owner owner) {
    this.terminal = terminal;
    this.extension = extension;
    this.owner = owner;
  }

  /** A new terminal, or one that goes on from {@code record}; null when making it failed. */
  public static @Nullable TerminalFence around(
      Bound<ByteTerminalPlan> bound,
      @Nullable StateRecord record,
      ByteSession session,
      CodecFence.Owner owner) {
    try {
      ByteTerminal made =
          record == null ? bound.plan().open(session) : bound.plan().attach(record, session);
      return new TerminalFence(made, bound.extension(), owner);
    } catch (Throwable thrown) {
      owner.broken(Failures.note(bound.extension(), "open", thrown));
      return null;
    }
  }

  /** See {@link ByteTerminalPlan#reads}; false when it throws. */
  public static boolean reads(Bound<ByteTerminalPlan> bound, StateRecord record) {
    try {
      return bound.plan().reads(record);
    } catch (Throwable thrown) {
      var _ = Failures.note(bound.extension(), "reads", thrown);
      return false;
    }
  }

  /** See {@link ByteTerminal#opened}. */
  public void opened() {
    try {
      terminal.opened();
    } catch (Throwable thrown) {
      broke("opened", thrown);
    }
  }

  /** See {@link ByteTerminal#connected}. */
  public void connected() {
    try {
      terminal.connected();
    } catch (Throwable thrown) {
      broke("connected", thrown);
    }
  }

  /** See {@link ByteTerminal#connectFailed}. */
  public void connectFailed(Reset why) {
    try {
      terminal.connectFailed(why);
    } catch (Throwable thrown) {
      broke("connectFailed", thrown);
    }
  }

  /** See {@link ByteTerminal#fromDownstream}. */
  public void fromDownstream(@Owned ByteBuf data) {
    int before = data.refCnt();
    try {
      terminal.fromDownstream(data);
    } catch (Throwable thrown) {
      giveBack(data, before);
      broke("fromDownstream", thrown);
    }
  }

  /** See {@link ByteTerminal#fromUpstream}. */
  public void fromUpstream(@Owned ByteBuf data) {
    int before = data.refCnt();
    try {
      terminal.fromUpstream(data);
    } catch (Throwable thrown) {
      giveBack(data, before);
      broke("fromUpstream", thrown);
    }
  }

  /** See {@link ByteTerminal#downstreamEnded}. */
  public void downstreamEnded() {
    try {
      terminal.downstreamEnded();
    } catch (Throwable thrown) {
      broke("downstreamEnded", thrown);
    }
  }

  /** See {@link ByteTerminal#upstreamEnded}. */
  public void upstreamEnded() {
    try {
      terminal.upstreamEnded();
    } catch (Throwable thrown) {
      broke("upstreamEnded", thrown);
    }
  }

  /** See {@link ByteTerminal#idle}. */
  public void idle() {
    try {
      terminal.idle();
    } catch (Throwable thrown) {
      broke("idle", thrown);
    }
  }

  /** See {@link ByteTerminal#detach}; null when it threw. */
  public @Nullable StateRecord detach() {
    try {
      return terminal.detach();
    } catch (Throwable thrown) {
      broke("detach", thrown);
      return null;
    }
  }

  private void giveBack(ByteBuf data, int before) {
    // The contract makes the terminal release it on every path; one that throws early did not.
    if (data.refCnt() >= before && !owner.holds(data)) {
      data.release();
    }
  }

  private void broke(String callback, Throwable thrown) {
    owner.broken(Failures.note(extension, callback, thrown));
  }
}
