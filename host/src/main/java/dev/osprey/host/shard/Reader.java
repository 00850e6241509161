package dev.osprey.host.shard;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of a connection's thread: wait in the socket's read, enter the strand with what came,
 * leave it, send what that caused, and again. A wait holds no buffer but a few bytes to begin with;
 * what is there beyond them is read at once into a buffer of the right size, and what is too much
 * for one right after it, straight into the next.
 *
 * <p>The sending may get stuck when a peer takes nothing. Then the shard's clock replaces the
 * thread, which ends as soon as it comes out of its write.
 */
final class Reader implements Runnable {
  private static final VarHandle STATE;
  private static final int SIP_BYTES = 512;
  private static final int MOST_BYTES = 256 * 1024;
  private static final int MUCH_FOR_A_ROW = 8 * MOST_BYTES;
  private static final int MOST_IN_A_LONG_ROW = 32 * 1024;
  private static final int TURNS = 16;
  private static final int TURNS_OF_A_THREAD = 1024;
  private static final int MOST_AHEAD = 64 * 1024;
  private static final long LOOK_NANOS = 500_000_000L;
  private static final int IDLE = 0;
  private static final int SENDING = 1;
  private static final int REPLACED = 2;

  private final BlockingConduit conduit;
  private final Shard shard;
  private final ByteBuffer sip = ByteBuffer.allocate(SIP_BYTES);
  private @Nullable BlockingConduit[] toSend;
  private int count;
  private int turns;
  // What has come although reading is not wanted, and its end.
  private @Nullable ByteBuf ahead;
  private boolean endAhead;
  // What is known to be there beyond what was read, in bytes.
  private int left;
  // What had come from all sockets at our last turn, and the most of a read after it, in bytes.
  private long receivedThen;
  private int most = MOST_BYTES;
  // The strand's.
  private long sendingSince;
  private boolean watched;

  @SuppressWarnings("unused") // by its handle
  private volatile int state;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Reader.class, "state", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  /** A reader that has nothing to send. */
  Reader(BlockingConduit conduit) {
    this.conduit = conduit;
    this.shard = conduit.shard();
    this.toSend = new BlockingConduit[1];
  }

  /** A reader that begins with what another could not send. */
  private Reader(BlockingConduit conduit, @Nullable BlockingConduit[] rest, int count) {
    this.conduit = conduit;
    this.shard = conduit.shard();
    this.toSend = rest;
    this.count = count;
  }

  /** Tells of something inside the strand, and leaves the strand. */
  void tell(Runnable event) {
    boolean told = false;
    try {
      event.run();
      told = true;
    } finally {
      leave(told);
    }
  }

  private void leave(boolean told) {
    if (told) {
      shard.leave(this);
    } else {
      // A mistake of ours ends this thread: its connection ends with it, and nothing else.
      conduit.wire().failed("the host has failed");
      shard.leave();
    }
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // a courtesy, nothing relies on it
  public void run() {
    if (!send()) {
      return;
    }
    boolean over = false;
    try {
      while (turn()) {
        if (++turns % TURNS_OF_A_THREAD == 0) {
          goOn();
          break;
        }
        // Who always finds bytes would never let others have the processor.
        if (turns % TURNS == 0) {
          Thread.yield();
        }
      }
      over = true;
    } finally {
      if (!over) {
        // A mistake of ours, or no memory: without its thread the socket would just hang.
        broken("the host has failed");
      }
    }
  }

  /**
   * Goes on in a fresh thread. What a thread runs since it was young stays interpreted, or code of
   * that time, for as long as it lives; and with an interpreted frame below, each of its waits
   * costs a microsecond more.
   */
  private void goOn() {
    shard.spares().run(conduit.name(), this);
  }

  private boolean turn() {
    if (!awaitPermission()) {
      dropAhead();
      return false;
    }
    ByteBuf data = ahead;
    if (data != null) {
      ahead = null;
      return deliver(data);
    }
    if (endAhead) {
      return ended();
    }
    @Nullable ByteBuf come;
    try {
      come = read();
    } catch (IOException failure) {
      return lost(failure);
    } catch (OutOfMemoryError scarce) {
      broken("no memory for what has come: " + scarce.getMessage());
      return false;
    }
    return come == null ? ended() : deliver(come);
  }

  /** What has come; null at the end. */
  private @Nullable ByteBuf read() throws IOException {
    if (left > 0) {
      return large();
    }
    int length = conduit.channel().read(sip.clear());
    return length < 0 ? null : gather(length);
  }

  // ---- while nothing is to be read

  /** Waits until reading is wanted; false when the socket is closed or the peer is gone. */
  private boolean awaitPermission() {
    while (!conduit.mayRead()) {
      if (!conduit.awaitPermission(LOOK_NANOS) || (!conduit.mayRead() && !lookAhead())) {
        return false;
      }
    }
    return true;
  }

  /**
   * Looks whether the peer is still there: without a read nothing tells. What has come is kept, and
   * beyond a bound it is looked for no more.
   */
  private boolean lookAhead() {
    ByteBuf kept = ahead;
    if (endAhead || (kept != null && kept.readableBytes() >= MOST_AHEAD)) {
      return true;
    }
    try {
      conduit.channel().socket().setSoTimeout(1);
      int length = conduit.channel().socket().getInputStream().read(sip.array());
      if (length >= 0) {
        keep(sip.array(), length);
        return true;
      }
    } catch (SocketTimeoutException nothing) {
      return true;
    } catch (IOException failure) {
      return lost(failure);
    }
    endAhead = true;
    return ahead != null || ended();
  }

  private void keep(byte[] bytes, int length) {
    ByteBuf kept = ahead;
    if (kept == null) {
      ahead = kept = shard.loop().allocator().directBuffer(length);
    }
    kept.writeBytes(bytes, 0, length);
    left = Math.max(0, left - length);
  }

  private void dropAhead() {
    if (ahead != null) {
      ahead.release();
      ahead = null;
    }
  }

  // ---- what has come

  /** All that is there. */
  private ByteBuf gather(int length) {
    left = length < SIP_BYTES ? 0 : available();
    int more = mostNow();
    ByteBuf data = shard.loop().allocator().directBuffer(length + more);
    boolean gathered = false;
    try {
      data.writeBytes(sip.array(), 0, length);
      if (more > 0) {
        readRest(data, more);
      }
      gathered = true;
    } finally {
      if (!gathered) {
        data.release();
      }
    }
    return data;
  }

  private void readRest(ByteBuf data, int more) {
    try {
      readInto(data, more);
    } catch (IOException failure) {
      // What came before it counts first; the next read fails again and says so.
      left = 0;
    }
  }

  /** The next part of what is known to be there: such a read does not wait. */
  private ByteBuf large() throws IOException {
    int more = mostNow();
    ByteBuf data = shard.loop().allocator().directBuffer(more);
    boolean read = false;
    try {
      readInto(data, more);
      read = true;
    } finally {
      if (!read) {
        data.release();
      }
    }
    return data;
  }

  private void readInto(ByteBuf data, int more) throws IOException {
    int read = conduit.channel().read(data.internalNioBuffer(data.writerIndex(), more));
    data.writerIndex(data.writerIndex() + Math.max(0, read));
    left = read < more ? 0 : left - read;
  }

  private int mostNow() {
    return Math.min(left, Math.min(most, shard.loop().watch().readBytes()));
  }

  private int available() {
    try {
      return conduit.channel().socket().getInputStream().available();
    } catch (IOException failure) {
      // The next read fails again and says so.
      return 0;
    }
  }

  private boolean deliver(ByteBuf data) {
    shard.enter();
    if (!conduit.mayRead()) {
      shard.leave();
      ahead = data;
      return true;
    }
    measureRow(data.readableBytes());
    boolean told = false;
    try {
      conduit.wire().received(data);
      told = true;
    } finally {
      leave(told);
    }
    return send();
  }

  // Where others brought much between two turns of ours many wait for theirs: smaller pieces then.
  private void measureRow(int bytes) {
    long now = shard.received(bytes);
    boolean isLong = now - receivedThen - bytes > MUCH_FOR_A_ROW;
    most = isLong ? MOST_IN_A_LONG_ROW : MOST_BYTES;
    receivedThen = now;
  }

  private boolean ended() {
    shard.enter();
    tell(conduit.wire()::endReceived);
    var _ = send();
    return false;
  }

  private boolean lost(IOException failure) {
    if (failure instanceof ClosedChannelException) {
      // We closed it ourselves, and whoever did has said so.
      return false;
    }
    broken(String.valueOf(failure.getMessage()));
    return false;
  }

  private void broken(String why) {
    dropAhead();
    shard.enter();
    tell(() -> conduit.wire().failed(why));
    var _ = send();
  }

  // ---- sending what an event has left

  /** Takes over what is to be sent; inside the strand. */
  void take(List<BlockingConduit> ready) {
    int length = ready.size();
    if (length > toSend.length) {
      toSend = new BlockingConduit[length];
    }
    for (int i = 0; i < length; i++) {
      toSend[i] = ready.get(i);
    }
    count = length;
  }

  /**
   * Notes that the thread is about to send what it took; inside the strand.
   *
   * @return true when the clock has to watch it from now on
   */
  boolean sendsFrom(long now) {
    sendingSince = now;
    STATE.setRelease(this, SENDING);
    boolean fresh = !watched;
    watched = true;
    return fresh;
  }

  /** Sends; false when the thread was replaced meanwhile and has to end. */
  private boolean send() {
    if (count == 0) {
      return true;
    }
    for (int i = 0; i < count && (int) STATE.getOpaque(this) == SENDING; i++) {
      BlockingConduit target = toSend[i];
      if (target != null) {
        target.send();
      }
    }
    if (!STATE.compareAndSet(this, SENDING, IDLE)) {
      return false;
    }
    Arrays.fill(toSend, null);
    count = 0;
    return true;
  }

  /**
   * Looks after the thread; on the shard's clock, inside the strand. One that has been sending for
   * too long is replaced: another sends the rest and reads on, so nobody else waits for that peer.
   *
   * @return who is to be watched from now on; null for nobody
   */
  @Nullable Reader watch(long now, long patienceNanos) {
    if ((int) STATE.getAcquire(this) == SENDING) {
      if (now - sendingSince < patienceNanos) {
        return this;
      }
      Reader next = new Reader(conduit, Arrays.copyOf(toSend, count), count);
      if (STATE.compareAndSet(this, SENDING, REPLACED)) {
        next.sendsFrom(now);
        shard.spares().run(conduit.name(), next);
        return next;
      }
    }
    watched = false;
    return null;
  }
}
