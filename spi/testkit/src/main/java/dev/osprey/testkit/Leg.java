package dev.osprey.testkit;

import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.Codec;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection with a codec on it, as a host would drive it: keeps the unread bytes, calls the
 * codec, and moves the connection to another plan between any two calls. Every call checks what the
 * codec did.
 */
public final class Leg {
  private static final int PATIENCE = 4;

  private final boolean facesClient;
  private final Recording recording;
  private CodecPlan plan;
  private RecordingHost host;
  private Codec codec;
  private SwapSchedule schedule = SwapSchedule.NEVER;
  private byte[] unread = {};
  private int depth;
  private int calls;
  private int swaps;
  private boolean released;
  private @Nullable ByteBuf lent;

  private Leg(boolean facesClient, CodecPlan plan, Recording recording) {
    this.facesClient = facesClient;
    this.plan = plan;
    this.recording = recording;
    this.host = new RecordingHost(recording);
    recording.followSends();
    recording.onClose(this::dropInput);
    this.codec = facesClient ? plan.server(host) : plan.client(host);
    recording.flush();
  }

  /** A new connection of a client. */
  public static Leg server(CodecPlan plan, TrackingAllocator alloc, Reactions reactions) {
    return new Leg(true, plan, new Recording(alloc, reactions));
  }

  /** A new connection to an upstream. */
  public static Leg client(CodecPlan plan, TrackingAllocator alloc, Reactions reactions) {
    return new Leg(false, plan, new Recording(alloc, reactions));
  }

  /** Says before which calls the connection moves to another plan. */
  public Leg swapping(SwapSchedule when) {
    schedule = when;
    return this;
  }

  /** What happened so far. */
  public Recording recording() {
    return recording;
  }

  /** How many calls the codecs of this connection got. */
  public int calls() {
    return calls;
  }

  /** How many bytes were received and not consumed yet. */
  public int unreadBytes() {
    return unread.length;
  }

  /**
   * True when the codec closed the connection or the connection was lost: no call is made any more.
   */
  public boolean isClosed() {
    return released || recording.isClosed();
  }

  /** Receives bytes and lets the codec read until it wants no more. */
  public void feed(byte[] bytes) {
    if (recording.tunnel() != 0) {
      recording.tunnelled(bytes);
      return;
    }
    int had = unread.length;
    unread = Arrays.copyOf(unread, had + bytes.length);
    System.arraycopy(bytes, 0, unread, had, bytes.length);
    read();
  }

  /** Lets the codec read what is unread until it wants no more; a host does so after each write. */
  public void read() {
    int idle = 0;
    while (isReadable()) {
      int before = unread.length;
      int reported = recording.events().size();
      Progress progress = decode();
      if (progress != Progress.AGAIN) {
        break;
      }
      idle = before == unread.length && reported == recording.events().size() ? idle + 1 : 0;
      if (idle > PATIENCE) {
        throw new AssertionError("decode() says AGAIN but makes no progress");
      }
    }
    drainToTunnel();
  }

  /** The peer sends no more. */
  public void end() {
    if (isClosed() || recording.tunnel() != 0) {
      return;
    }
    ByteBuf in = input();
    call(codec -> codec.endOfInput(in));
    takeBack(in);
  }

  /** Takes away what is unread, for a connection that is given up. */
  byte[] takeUnread() {
    byte[] rest = unread;
    unread = new byte[0];
    return rest;
  }

  /** Sends a response head. */
  public void respond(int stream, ResponseHead head, boolean end) {
    boolean last = !head.isInterim();
    if (recording.isSending(stream)) {
      if (last) {
        recording.answered(stream);
      }
      recording.sent(stream, end);
      if (head.opensTunnel() && plan.isMultiplexed()) {
        recording.reopens(stream);
      }
      call(codec -> ((ServerCodec) codec).respond(stream, head, end));
    }
  }

  /** Sends a request head; the stream's number, 0 when the codec refused to forward it. */
  public int request(RequestHead head, boolean end) {
    int[] stream = {0};
    call(codec -> {
      recording.opening();
      int number = ((ClientCodec) codec).request(head, end);
      stream[0] = recording.opened(number, end) ? number : 0;
    });
    return stream[0];
  }

  /** False while the upstream has not said what it takes. */
  public boolean isReady() {
    boolean[] ready = new boolean[1];
    call(codec -> ready[0] = ((ClientCodec) codec).isReady());
    return ready[0];
  }

  /** How many streams may be opened now. */
  public int vacancies() {
    int[] free = {0};
    call(codec -> free[0] = ((ClientCodec) codec).vacancies());
    return free[0];
  }

  /** Sends body bytes; drops them when the stream is not open that way. */
  public void data(int stream, @Owned ByteBuf data, boolean end) {
    if (recording.tunnel() == stream && stream != 0) {
      recording.writeTunnel(ByteBufUtil.getBytes(data));
      data.release();
    } else if (isClosed() || !recording.isSending(stream)) {
      data.release();
    } else {
      recording.sent(stream, end);
      call(codec -> codec.data(stream, data, end));
    }
  }

  /** Sends trailers. */
  public void trailers(int stream, Fields trailers) {
    if (recording.isSending(stream)) {
      recording.sent(stream, true);
      call(codec -> codec.trailers(stream, trailers));
    }
  }

  /** Ends a stream before its time. */
  public void reset(int stream, Reset reset) {
    if (recording.isSending(stream) || recording.isReceiving(stream)) {
      recording.gone(stream);
      call(codec -> codec.reset(stream, reset));
    }
  }

  /** Lets the peer send more on a stream, when the codec is multiplexed and still reads it. */
  public void credit(int stream, int bytes) {
    if (bytes > 0 && plan.isMultiplexed() && recording.isReceiving(stream)) {
      call(codec -> codec.credit(stream, bytes));
    }
  }

  /** True when more body may be given to a stream now; a closed connection takes and drops it. */
  public boolean isWritable(int stream) {
    boolean[] writable = {true};
    if (recording.isSending(stream)) {
      call(codec -> writable[0] = codec.isWritable(stream));
    }
    return writable[0];
  }

  /** Says goodbye. */
  public void goodbye() {
    call(Codec::goodbye);
  }

  /** The time has come that the codec asked for, if it did. */
  public void wake() {
    if (recording.alarm() != null) {
      recording.alarm(null);
      call(Codec::wake);
    }
  }

  /** The host has waited long enough for what lies unread. */
  public void requestTimedOut() {
    call(codec -> ((ServerCodec) codec).requestTimedOut());
  }

  /** True when nothing is open. */
  public boolean isAtRest() {
    boolean[] rest = {false};
    call(codec -> rest[0] = codec.isAtRest());
    return rest[0];
  }

  /** The connection is gone. */
  public void lost() {
    if (!released && recording.tunnel() == 0) {
      released = true;
      recording.silent(true);
      codec.closed();
      recording.silent(false);
    }
    recording.flush();
  }

  /** Moves the connection to another plan, which may be the same. */
  public void swapTo(CodecPlan next) {
    if (isClosed() || recording.tunnel() != 0) {
      return;
    }
    recording.silent(true);
    // A host may take buffers or not: codecs must be able to do without.
    recording.keepsLeft(swaps++ % 2 == 0);
    StateRecord record = codec.detach();
    recording.keepsLeft(false);
    if (!next.reads(record)) {
      throw new AssertionError("the next plan does not read " + record.format());
    }
    host = host.renew();
    codec = facesClient ? next.attachServer(record, host) : next.attachClient(record, host);
    plan = next;
    recording.assertNothingLeft();
    recording.silent(false);
    recording.assertNoMisuse();
  }

  /** Takes the state away and leaves this leg without a codec. */
  StateRecord detached() {
    released = true;
    return codec.detach();
  }

  private boolean isReadable() {
    return unread.length > 0
        && !isClosed()
        && recording.tunnel() == 0
        && (facesClient || plan.isMultiplexed() || recording.hasOpenStreams());
  }

  private Progress decode() {
    Progress[] progress = {Progress.NEED_INPUT};
    swapIfDue();
    ByteBuf in = input();
    invoke(codec -> progress[0] = codec.decode(in));
    takeBack(in);
    return progress[0];
  }

  private ByteBuf input() {
    ByteBuf in = recording.alloc().buffer(unread.length).writeBytes(unread);
    lent = in;
    return in;
  }

  /** As a real host: the input is gone once the codec has closed the connection. */
  private void dropInput() {
    ByteBuf in = lent;
    if (in != null) {
      lent = null;
      unread = Arrays.copyOfRange(unread, in.readerIndex(), unread.length);
      in.release();
    }
  }

  /** Checks how the codec treated the lent buffer, keeps what is unread and lets the buffer go. */
  private void takeBack(ByteBuf in) {
    if (lent == null) {
      return;
    }
    lent = null;
    if (in.refCnt() <= 0) {
      throw new AssertionError("the codec released the input");
    }
    boolean intact =
        in.writerIndex() == unread.length
            && Arrays.equals(ByteBufUtil.getBytes(in, 0, unread.length), unread);
    if (!intact) {
      throw new AssertionError("the codec changed the input");
    }
    unread = Arrays.copyOfRange(unread, in.readerIndex(), unread.length);
    in.release();
  }

  private void drainToTunnel() {
    if (recording.tunnel() != 0 && unread.length > 0) {
      recording.tunnelled(takeUnread());
    }
  }

  private void call(java.util.function.Consumer<Codec> action) {
    if (isClosed() || recording.tunnel() != 0) {
      return;
    }
    swapIfDue();
    invoke(action);
  }

  private void invoke(java.util.function.Consumer<Codec> action) {
    calls++;
    depth++;
    try {
      action.accept(codec);
    } finally {
      depth--;
    }
    recording.flush();
    recording.assertNoMisuse();
  }

  private void swapIfDue() {
    if (depth == 0 && schedule.isDue(calls)) {
      swapTo(schedule.next().get());
    }
  }

  /**
   * When a leg moves on its own.
   *
   * @param first number of the first call to move before, from 0
   * @param last number of the last one
   * @param next where to
   */
  public record SwapSchedule(int first, int last, Supplier<CodecPlan> next) {
    /** Stay. */
    public static final SwapSchedule NEVER =
        new SwapSchedule(
            1,
            0,
            () -> {
              throw new IllegalStateException("never due");
            });

    /** Move once, before call {@code number}. */
    public static SwapSchedule before(int number, Supplier<CodecPlan> next) {
      return new SwapSchedule(number, number, next);
    }

    /** Move before every call. */
    public static SwapSchedule always(Supplier<CodecPlan> next) {
      return new SwapSchedule(0, Integer.MAX_VALUE, next);
    }

    boolean isDue(int call) {
      return call >= first && call <= last;
    }
  }
}
