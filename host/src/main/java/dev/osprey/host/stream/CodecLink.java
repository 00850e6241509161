package dev.osprey.host.stream;

import dev.osprey.host.fence.CodecFence;
import dev.osprey.host.loop.Connection.Moving;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A wire and the codec instance that reads it, whichever side it faces: feeds the codec, moves it
 * to another version, lets it go at rest, or steps aside for a tunnel.
 */
@SuppressWarnings("ReferenceEquality") // a plan is carried over as the very same object
final class CodecLink implements CodecFence.Owner, Wheel.Expiry {
  private static final int UNREAD_HIGH = 64 * 1024;
  private static final int IDLE_TURNS = 1000;

  private final Worker worker;
  private final Wire wire;
  private final Side side;
  // Null for a tunnel: it outlives codecs and must not hold the code of one.
  private @Nullable Bound<CodecPlan> bound;
  private boolean multiplexed;
  private @Nullable CodecFence codec;
  private @Nullable Bequest bequest;
  private boolean decoding;
  private boolean again;
  private boolean waiting;
  private boolean paused;
  private boolean tunnel;
  private boolean endDelivered;
  private boolean goodbyeSaid;
  private boolean finished;
  private Wheel.@Nullable Timer alarm;

  /** The connection as this link sees it. */
  interface Side {
    /** A new instance in the side's role, or one that goes on from {@code record}. */
    @Nullable CodecFence make(
        Bound<CodecPlan> of, @Nullable StateRecord record, CodecFence.Owner owner);

    /** Bytes of a tunnel. */
    void tunnelData(@Owned ByteBuf data);

    /** The peer ended its direction of a tunnel. */
    void tunnelEnd();

    /** The codec threw. */
    void broken(Reset why);

    /** The codec has read what it wanted for now. */
    void pumped();
  }

  CodecLink(Worker worker, Wire wire, Side side, Bound<CodecPlan> bound) {
    this.worker = worker;
    this.wire = wire;
    this.side = side;
    bind(bound);
  }

  private void bind(Bound<CodecPlan> next) {
    bound = next;
    multiplexed = CodecFence.isMultiplexed(next);
    wire.shared(multiplexed);
  }

  // ---- the instance

  /** The codec, made when it is needed; null when it could not be made or is out of the way. */
  @Nullable CodecFence codec() {
    CodecFence current = codec;
    Bound<CodecPlan> of = bound;
    if (current == null && of != null && !finished) {
      current = install(of, null);
      if (current != null && goodbyeSaid) {
        current.goodbye();
      }
    }
    return current;
  }

  /** The plan of its codec; null for a tunnel. */
  @Nullable Bound<CodecPlan> bound() {
    return bound;
  }

  boolean isTunnel() {
    return tunnel;
  }

  boolean isMultiplexed() {
    return multiplexed;
  }

  boolean runsOn(Extension extension) {
    return codec != null && bound != null && bound.extension() == extension;
  }

  private @Nullable CodecFence install(Bound<CodecPlan> of, @Nullable StateRecord record) {
    CodecFence made = side.make(of, record, this);
    codec = made;
    if (made != null) {
      of.extension().lease(worker.loop().index());
    }
    return made;
  }

  private void letGo() {
    if (codec != null && bound != null) {
      codec = null;
      bound.extension().release(worker.loop().index());
    }
  }

  /** Lets the instance of a connection at rest go; the next message makes another. */
  void restIfPossible() {
    CodecFence current = codec;
    if (current != null && !decoding && !wire.hasUnread() && current.isAtRest()) {
      if (current.detach() != null) {
        letGo();
      }
    }
  }

  /** The connection is gone. */
  void finish() {
    finished = true;
    if (alarm != null) {
      worker.loop().wheel().cancel(alarm);
    }
    CodecFence current = codec;
    letGo();
    if (current != null) {
      current.closed();
    }
  }

  void goodbye() {
    if (!goodbyeSaid) {
      goodbyeSaid = true;
      if (codec != null) {
        codec.goodbye();
      }
    }
  }

  boolean goodbyeSaid() {
    return goodbyeSaid;
  }

  /** True when the goodbye was said and the codec leaves it to the host to close. */
  boolean mayCloseAfterGoodbye() {
    CodecFence current = codec;
    return goodbyeSaid && (current == null || !current.closesAfterGoodbye());
  }

  // ---- time

  /** Wakes the codec after that time, whichever instance it is then. */
  void wakeAfter(Duration delay) {
    Wheel.Timer timer = alarm;
    if (timer == null) {
      alarm = timer = new Wheel.Timer(this);
    }
    long now = worker.loop().now();
    worker.loop().wheel().cancel(timer);
    if (!finished) {
      worker.loop().wheel().ensure(timer, now + delay.toNanos(), now);
    }
  }

  @Override
  public long expired(long now) {
    CodecFence current = codec;
    if (current != null && !finished && !wire.isClosing()) {
      current.wake();
    }
    return NEVER;
  }

  // ---- reading

  /** Feeds the codec as long as it makes progress and nobody asked for a pause. */
  void pump() {
    if (decoding) {
      again = true;
      return;
    }
    decoding = true;
    try {
      do {
        again = false;
        drive();
      } while (again && !finished);
    } finally {
      decoding = false;
    }
    wire.trimUnread();
    adjustReading();
    if (!finished) {
      side.pumped();
    }
  }

  private void drive() {
    int idle = 0;
    waiting = false;
    while (!paused && !wire.isClosing() && !finished) {
      if (tunnel) {
        driveTunnel();
        return;
      }
      ByteBuf in = wire.unread();
      if (in == null || !in.isReadable()) {
        break;
      }
      CodecFence current = codec();
      if (current == null) {
        return;
      }
      int before = in.readerIndex();
      Progress progress = current.decode(in);
      if (progress != Progress.AGAIN) {
        waiting = progress == Progress.WAIT;
        if (tunnel) {
          continue;
        }
        break;
      }
      idle = in.readerIndex() == before ? idle + 1 : 0;
      if (idle > IDLE_TURNS) {
        broken(Reset.byHost(Reset.Reason.EXTENSION_FAILURE, "codec makes no progress"));
      }
    }
    if (wire.isInputEnded()) {
      deliverEnd();
    }
  }

  private void driveTunnel() {
    ByteBuf data = wire.takeUnread();
    if (data != null) {
      side.tunnelData(data);
    }
    if (wire.isInputEnded() && !endDelivered) {
      endDelivered = true;
      side.tunnelEnd();
    }
  }

  private void deliverEnd() {
    if (endDelivered || paused || waiting || finished || wire.isClosing()) {
      return;
    }
    CodecFence current = codec();
    if (current != null) {
      endDelivered = true;
      ByteBuf rest = wire.unread();
      current.endOfInput(rest == null ? Unpooled.EMPTY_BUFFER : rest);
    }
  }

  /**
   * The connection broke under streams without an answer: the codec tells which of them may be
   * tried again, as at an orderly end.
   */
  void broke() {
    if (!tunnel && !endDelivered && !finished && codec != null) {
      endDelivered = true;
      ByteBuf rest = wire.unread();
      codec.endOfInput(rest == null ? Unpooled.EMPTY_BUFFER : rest);
    }
  }

  /** Stops feeding the codec until {@link #resume}. */
  void pause() {
    paused = true;
    adjustReading();
  }

  /** Goes on feeding the codec. */
  void resume() {
    if (paused) {
      paused = false;
      pump();
    }
  }

  boolean isPaused() {
    return paused;
  }

  private void adjustReading() {
    ByteBuf kept = wire.unread();
    boolean full = kept != null && kept.readableBytes() > UNREAD_HIGH;
    wire.reading(!paused && !(waiting && full));
  }

  // ---- sending

  void data(int stream, @Owned ByteBuf data, boolean end) {
    if (tunnel) {
      wire.write(data);
      if (end) {
        wire.endOutput();
      }
      return;
    }
    CodecFence current = codec();
    if (current == null) {
      data.release();
    } else {
      current.data(stream, data, end);
    }
  }

  void trailers(int stream, Fields trailers) {
    CodecFence current = codec();
    if (current != null) {
      current.trailers(stream, trailers);
    }
  }

  void reset(int stream, Reset why) {
    if (tunnel) {
      wire.abort(why);
      return;
    }
    CodecFence current = codec();
    if (current != null) {
      current.reset(stream, why);
    }
  }

  /** Lets the peer send more on a stream; only a multiplexed codec is asked. */
  void credit(int stream, int bytes) {
    if (bytes > 0 && !tunnel && isMultiplexed()) {
      CodecFence current = codec();
      if (current != null) {
        current.credit(stream, bytes);
      }
    }
  }

  /** False when more body for this stream should wait. */
  boolean canTake(int stream) {
    if (!wire.isWritable()) {
      return false;
    }
    if (tunnel || !isMultiplexed()) {
      return true;
    }
    CodecFence current = codec();
    return current == null || current.isWritable(stream);
  }

  /** Pauses the whole connection, unless its codec gives credit by stream. */
  void pauseUnlessShared() {
    if (tunnel || !isMultiplexed()) {
      pause();
    }
  }

  // ---- tunnel

  /** The codec steps aside; it is called no more. */
  void becomeTunnel() {
    tunnel = true;
    // Called from inside the instance, so it is only forgotten; at that point it holds nothing.
    letGo();
    bound = null;
    wire.shared(false);
    if (decoding) {
      again = true;
    } else {
      worker.loop().execute(this::pumpLater);
    }
  }

  private void pumpLater() {
    if (!finished) {
      pump();
    }
  }

  // ---- moving

  /** Goes on with the plan of the next generation's slot. */
  void adopt(Slot<CodecPlan> slot, Moving moving) {
    Bound<CodecPlan> former = bound;
    if (former == null || slot.main() == former || slot.canary() == former) {
      return;
    }
    CodecFence old = codec;
    if (old == null) {
      bind(slot.main());
      return;
    }
    Bequest passing = new Bequest();
    bequest = passing;
    move(old, former, slot.main(), moving);
    bequest = null;
    passing.release();
  }

  private void move(CodecFence old, Bound<CodecPlan> former, Bound<CodecPlan> next, Moving moving) {
    StateRecord record = old.detach();
    if (record == null) {
      return;
    }
    letGo();
    boolean readable = CodecFence.reads(next, record);
    Bound<CodecPlan> chosen = readable ? next : former;
    bind(chosen);
    if (install(chosen, record) == null) {
      return;
    }
    if (readable) {
      moving.moved();
    } else {
      moving.fellBack();
      goodbye();
    }
  }

  /** Takes what an instance leaves to the next, while the connection moves. */
  boolean leave(@Owned ByteBuf data) {
    Bequest passing = bequest;
    if (passing == null) {
      return false;
    }
    passing.leave(data);
    return true;
  }

  /** The next buffer that was left; null for none. */
  @Owned
  @Nullable ByteBuf takeLeft() {
    Bequest passing = bequest;
    return passing == null ? null : passing.take();
  }

  @Override
  public void broken(Reset why) {
    finished = true;
    letGo();
    side.broken(why);
  }

  @Override
  public boolean holds(ByteBuf data) {
    return wire.holds(data);
  }
}
