package dev.osprey.host.loop;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A socket as its connection sees it, whichever I/O model moves its bytes. Keeps what is not read
 * yet, gathers what is to be sent into one write per turn, pauses and resumes reading, and closes
 * politely. Everything runs on the strand.
 */
@SuppressWarnings("ReferenceEquality") // the very same buffer is meant
public final class Wire {
  private static final int OUT_BYTES = 1024;
  private static final int LEAST_BYTES = 64;
  private static final int COPY_LIMIT = 2048;
  private static final int OUT_LIMIT = 16 * 1024;
  private static final int GATHER_LIMIT = 64 * 1024;
  private static final long LINGER_NANOS = 1_000_000_000L;
  private static final long STALL_NANOS = 60_000_000_000L;
  private static final Reset LOST = Reset.byHost(Reset.Reason.CONNECTION_LOST, "connection closed");

  private final Loop loop;
  private final Conduit conduit;
  private WireOwner owner;
  private @Nullable ByteBuf unread;
  private @Nullable ByteBuf out;
  private @Nullable ByteBuf lastWritten;
  private Wheel.@Nullable Timer linger;
  private long queued;
  private long stallNanos;
  private long stalledSince;
  private long written;
  private int room = Integer.MAX_VALUE;
  private boolean dirty;

  /** Many streams write to it: what they write is gathered for a turn of the loop. */
  private boolean shared;

  private boolean gathered;
  private boolean hurried;
  private int unsent;
  private boolean reading = true;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean closing;
  private boolean closed;
  private boolean cut;
  private boolean broken;
  private Reset why = LOST;

  /** A wire over an open socket. */
  public Wire(Loop loop, Conduit conduit, WireOwner owner) {
    this.loop = loop;
    this.conduit = conduit;
    this.owner = owner;
  }

  /** The loop it lives on. */
  public Loop loop() {
    return loop;
  }

  /** Hands the wire to another owner (a pooled connection that becomes a pair, for example). */
  public void owner(WireOwner next) {
    owner = next;
  }

  // ---- reading

  /** What has come and is not consumed; null for nothing. The caller moves the reader index. */
  public @Borrowed @Nullable ByteBuf unread() {
    return unread;
  }

  /** True when bytes wait to be consumed. */
  public boolean hasUnread() {
    return unread != null && unread.isReadable();
  }

  /** Takes all unread bytes away; null for nothing. */
  public @Owned @Nullable ByteBuf takeUnread() {
    ByteBuf taken = unread;
    unread = null;
    if (taken != null && !taken.isReadable()) {
      taken.release();
      return null;
    }
    return taken;
  }

  /** Gives the buffer back when all of it was consumed. */
  public void trimUnread() {
    if (unread != null && !unread.isReadable()) {
      unread.release();
      unread = null;
    }
  }

  /** Stops or resumes reading from the socket. */
  public void reading(boolean on) {
    // After its end there is nothing to read, and nobody watches for it any more.
    if (reading != on && !closing && !inputEnded) {
      reading = on;
      conduit.reading(on);
    }
  }

  /** True when the peer has ended its direction. */
  public boolean isInputEnded() {
    return inputEnded;
  }

  /** Bytes have come; for the conduit. */
  public void received(@Owned ByteBuf data) {
    // This may be the end of this very wire.
    loop.watch().received(data.capacity());
    if (closing) {
      data.release();
      return;
    }
    keep(data);
    owner.bytes();
    trimUnread();
  }

  /** The peer has ended its direction; for the conduit. */
  public void endReceived() {
    if (inputEnded || closed) {
      return;
    }
    inputEnded = true;
    if (closing) {
      closeSoon();
    } else {
      owner.inputEnded();
      if (outputEnded) {
        closeSoon();
      }
    }
  }

  private void keep(@Owned ByteBuf data) {
    ByteBuf kept = unread;
    if (kept == null || !kept.isReadable()) {
      trimUnread();
      unread = data;
      return;
    }
    int more = data.readableBytes();
    if (kept.writableBytes() < more || kept.refCnt() > 1) {
      ByteBuf larger = loop.allocator().directBuffer(grown(kept.readableBytes() + more));
      larger.writeBytes(kept);
      kept.release();
      unread = kept = larger;
    }
    kept.writeBytes(data);
    data.release();
  }

  private static int grown(int needed) {
    return Math.max(1024, Integer.highestOneBit(needed) << 1);
  }

  // ---- writing

  /** Whether many streams write to it: it is better sent once a turn than once for each of them. */
  public void shared(boolean is) {
    shared = is;
  }

  /** The buffer to append small output to. */
  public @Borrowed ByteBuf out() {
    ByteBuf buffer = out;
    if (buffer != null && buffer.readableBytes() > OUT_LIMIT) {
      pushOut();
      buffer = null;
    }
    return buffer == null ? begin(OUT_BYTES) : buffer;
  }

  private ByteBuf begin(int room) {
    ByteBuf fresh = loop.allocator().directBuffer(room);
    out = fresh;
    markDirty();
    return fresh;
  }

  /** Writes behind what was appended; small buffers are copied so that one write carries both. */
  public void write(@Owned ByteBuf data) {
    int length = data.readableBytes();
    if (length == 0 || closed || outputEnded) {
      data.release();
      return;
    }
    if (length <= COPY_LIMIT && (out != null || conduit.queuedBytes() > 0)) {
      // What has to wait must not keep the large buffer that so little was read into.
      ByteBuf buffer = out == null ? begin(Math.max(length, LEAST_BYTES)) : out;
      buffer.writeBytes(data);
      data.release();
      return;
    }
    pushOut();
    markDirty();
    lastWritten = data;
    push(data);
  }

  private void push(@Owned ByteBuf data) {
    int most = loop.watch().level().outputBytes();
    if (most != room) {
      room = most;
      conduit.room(most);
    }
    int length = data.readableBytes();
    written += length;
    unsent += length;
    conduit.write(data);
    // Still not from inside a call of the codec, but at the end of the event.
    if (gathered && !hurried && (unsent > GATHER_LIMIT || !conduit.isWritable())) {
      hurried = true;
      loop.markDirty(this);
    }
  }

  /**
   * True when this very buffer was the last one taken by {@link #write} and may be queued still.
   */
  public boolean holds(ByteBuf data) {
    return lastWritten == data;
  }

  /** False when queued output has reached the limit; {@code writable} follows. */
  public boolean isWritable() {
    return conduit.isWritable();
  }

  /** Queued output has sunk to half of the limit; for the conduit. */
  public void drained() {
    if (!closing) {
      owner.writable();
    }
  }

  /** Sends what is queued at the end of a turn, unless that was done before; for the loop. */
  void flushGathered() {
    gathered = false;
    if (dirty) {
      flushNow();
    }
  }

  /** Sends what is queued; called once per event by the loop. */
  void flushNow() {
    dirty = false;
    hurried = false;
    unsent = 0;
    pushOut();
    lastWritten = null;
    if (!closed) {
      conduit.flush();
    }
  }

  /** Ends our direction after all that was written has left; the other goes on. */
  public void endOutput() {
    if (outputEnded || closed) {
      return;
    }
    sendEnd();
    if (inputEnded) {
      closeSoon();
    }
  }

  private void sendEnd() {
    pushOut();
    outputEnded = true;
    conduit.endOutput();
  }

  private void pushOut() {
    ByteBuf buffer = out;
    if (buffer != null) {
      out = null;
      if (closed || outputEnded) {
        buffer.release();
      } else {
        push(buffer);
      }
    }
  }

  private void markDirty() {
    if (dirty) {
      return;
    }
    dirty = true;
    if (!shared || !loop.hasTurns()) {
      loop.markDirty(this);
    } else if (!gathered) {
      gathered = true;
      loop.gather(this);
    }
  }

  // ---- closing

  /**
   * Sends what was written, ends our direction, then reads and drops what the peer still sends for
   * a bounded time, so that it gets the answer and no reset in its place.
   */
  public void closeAfterFlush(Reset reason) {
    if (closing || closed) {
      return;
    }
    if (inputEnded) {
      beginClose(reason);
      closeSoon();
      return;
    }
    reading(true);
    beginClose(reason);
    if (!outputEnded) {
      sendEnd();
    }
    armLinger(STALL_NANOS);
  }

  /**
   * Sends what was written, then closes; the peer sends nothing more. One that takes nothing for a
   * minute sees a reset: what it has is not all.
   */
  public void closeOnceSent(Reset reason) {
    if (closing || closed) {
      return;
    }
    beginClose(reason);
    closeSoon();
  }

  private void beginClose(Reset reason) {
    closing = true;
    why = reason;
    dropUnread();
  }

  /** Closes at once; what was written and the peer does not take now is lost. */
  public void abort(Reset reason) {
    if (isCut()) {
      return;
    }
    why = reason;
    closing = true;
    if (gathered && dirty) {
      // An earlier event of this turn wrote it, and has every right to see it sent.
      flushNow();
      conduit.closeFlushed();
      armLinger(LINGER_NANOS);
    } else {
      conduit.close();
    }
  }

  /** Sends what was written, then closes so that the peer sees a reset, not an orderly end. */
  public void reset(Reset reason) {
    if (!closed) {
      pushOut();
      why = reason;
      closing = true;
      conduit.reset();
      armLinger(LINGER_NANOS);
    }
  }

  /** Resets the connection at once; what was written and not sent is lost. */
  public void cut(Reset reason) {
    if (!closed) {
      why = reason;
      closing = true;
      cut = true;
      conduit.reset();
      conduit.close();
    }
  }

  /** True once it was {@link #cut}: what it held is on its way back. */
  public boolean isCut() {
    return cut || closed;
  }

  /** True once it was told to close. */
  public boolean isClosing() {
    return closing || closed;
  }

  private void closeSoon() {
    pushOut();
    conduit.closeAfterQueue();
    if (conduit.queuedBytes() > 0) {
      armLinger(STALL_NANOS);
    }
  }

  /** What it keeps in memory, in bytes: queued for the peer, or read and not consumed. */
  public long heldBytes() {
    ByteBuf kept = unread;
    return conduit.queuedBytes() + (kept == null ? 0 : kept.readableBytes());
  }

  /** What the peer has taken so far, in bytes; it may seem a little less than it is. */
  public long takenBytes() {
    return written - conduit.queuedBytes();
  }

  private void armLinger(long stall) {
    stallNanos = stall;
    if (linger == null && !closed) {
      queued = conduit.queuedBytes();
      stalledSince = loop.now();
      linger = new Wheel.Timer(this::lingered);
      loop.wheel().ensure(linger, loop.now() + LINGER_NANOS, loop.now());
    }
  }

  // As long as the peer takes what was queued, even slowly, its end is waited for; and once it has
  // all of it, for what it still sends.
  private long lingered(long now) {
    long left = conduit.queuedBytes();
    if (left < queued) {
      queued = left;
      stalledSince = now;
    } else if (left == 0) {
      conduit.close();
      return Wheel.Expiry.NEVER;
    } else if (now - stalledSince >= stallNanos) {
      conduit.reset();
      conduit.close();
      return Wheel.Expiry.NEVER;
    }
    return now + LINGER_NANOS;
  }

  private void dropUnread() {
    ByteBuf kept = unread;
    unread = null;
    if (kept != null) {
      kept.release();
    }
  }

  /** The socket is closed; for the conduit, which says it once and not from inside a call. */
  public void gone() {
    if (closed) {
      return;
    }
    closed = true;
    if (linger != null) {
      loop.wheel().cancel(linger);
    }
    ByteBuf buffer = out;
    out = null;
    if (buffer != null) {
      buffer.release();
    }
    // It may want to know what was not read any more.
    owner.closed(why);
    dropUnread();
  }

  /** True when it was the socket that failed: what came from there is not all there was. */
  public boolean isBroken() {
    return broken;
  }

  /** The socket failed; for the conduit. */
  public void failed(String what) {
    if (!isCut()) {
      broken = true;
      why = Reset.byHost(Reset.Reason.CONNECTION_LOST, what);
      closing = true;
      conduit.close();
    }
  }

  /** The other end. */
  public SocketAddress peer() {
    return conduit.peer();
  }

  /** This end. */
  public SocketAddress local() {
    return conduit.local();
  }
}
