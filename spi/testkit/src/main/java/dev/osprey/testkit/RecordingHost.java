package dev.osprey.testkit;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A codec's host, in either role, that records what the codec does and what it does wrong. One of
 * these is lent to one codec instance; {@link #renew} gives the next instance of the same
 * connection its own, so that a detached one that goes on acting is found out.
 *
 * <p>Stricter than a real host where the contract leaves room: the buffer of {@link #out} is
 * another one after each write and in each call.
 */
public final class RecordingHost implements ServerCodecHost, ClientCodecHost {
  private static final SocketAddress PEER = new InetSocketAddress("192.0.2.1", 40_000);
  private static final SocketAddress LOCAL = new InetSocketAddress("192.0.2.2", 80);

  private final Recording recording;
  private boolean retired;

  /** A host over a recording that may have had others. */
  public RecordingHost(Recording recording) {
    this.recording = recording;
  }

  /** A host with a recording of its own. */
  public static RecordingHost fresh(Reactions reactions) {
    return new RecordingHost(new Recording(new TrackingAllocator(), reactions));
  }

  /** What was recorded. */
  public Recording recording() {
    return recording;
  }

  /**
   * A host of the same connection for the next codec instance; this one must not be used any more.
   */
  public RecordingHost renew() {
    retired = true;
    return new RecordingHost(recording);
  }

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    Event event = Event.request(stream, head, end);
    check(recording.isReceiving(stream) || recording.isSending(stream), "stream still open", event);
    recording.receives(stream, end);
    note(event);
    recording.reactions().request(stream, head, end);
  }

  @Override
  public void onBadRequest(int stream, @Nullable RequestHead head, LocalReply reply) {
    Event event = Event.bad(stream, head, reply);
    check(reply.kind() != LocalReply.Kind.BAD_REQUEST, "a bad request of another kind", event);
    if (recording.isReceiving(stream)) {
      recording.received(stream, true);
    } else {
      recording.receives(stream, true);
    }
    note(event);
    recording.reactions().badRequest(stream, head, reply);
  }

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    Event event = Event.response(stream, head, end);
    checkReceiving(event);
    check(recording.isAnswered(stream), "a head after the final head", event);
    check(head.isInterim() && end, "an interim head with an end", event);
    check(head.status() < 100 || head.status() > 999, "a status out of range", event);
    if (!head.isInterim()) {
      recording.answered(stream);
    }
    recording.received(stream, end);
    if (head.opensTunnel()) {
      recording.opensTunnel(stream);
    }
    note(event);
    recording.reactions().response(stream, head, end);
  }

  @Override
  public void onData(int stream, @Owned ByteBuf data, boolean end) {
    if (data.refCnt() <= 0) {
      recording.misuse("reported a released buffer on stream " + stream);
      return;
    }
    String text = new String(ByteBufUtil.getBytes(data), StandardCharsets.ISO_8859_1);
    Event event = new Event(Event.Kind.DATA, stream, text, end);
    checkReceiving(event);
    recording.received(stream, end);
    note(event);
    recording.reactions().data(stream, data, end);
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    Event event = new Event(Event.Kind.TRAILERS, stream, Event.text(trailers).strip(), true);
    checkReceiving(event);
    recording.received(stream, true);
    note(event);
    recording.reactions().trailers(stream, trailers);
  }

  @Override
  public boolean leave(@Owned ByteBuf data) {
    return recording.leave(data);
  }

  @Override
  public @Owned @Nullable ByteBuf takeLeft() {
    return recording.takeLeft();
  }

  @Override
  public void onReset(int stream, Reset reset) {
    Event event = Event.reset(Event.Kind.RESET, stream, reset);
    check(!recording.gone(stream), "a reset of a stream that is not open", event);
    note(event);
    recording.reactions().reset(stream, reset);
  }

  @Override
  public void onGoodbye() {
    note(new Event(Event.Kind.GOODBYE, 0, "", false));
    recording.reactions().goodbye();
  }

  @Override
  public void onWritable() {
    note(new Event(Event.Kind.WRITABLE, 0, "", false));
    recording.reactions().writable();
  }

  @Override
  @Borrowed
  public ByteBuf out() {
    checkCurrent("wrote");
    return recording.out();
  }

  @Override
  public void write(@Owned ByteBuf data) {
    checkCurrent("wrote");
    recording.write(data);
  }

  @Override
  public boolean isWritable() {
    return !recording.isCongested();
  }

  @Override
  public void wakeAfter(Duration delay) {
    checkCurrent("asked to be woken");
    recording.alarm(delay);
  }

  @Override
  public void close(Reset why) {
    checkCurrent("closed");
    recording.close(why);
    recording.reactions().closed(why);
  }

  @Override
  public void becomeTunnel(int stream) {
    checkCurrent("asked for a tunnel");
    recording.tunnel(stream);
    recording.reactions().tunnel(stream);
  }

  @Override
  public ByteBufAllocator alloc() {
    return recording.alloc();
  }

  @Override
  public SocketAddress peer() {
    return PEER;
  }

  @Override
  public SocketAddress local() {
    return LOCAL;
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  private void note(Event event) {
    checkCurrent("reported " + event);
    recording.record(event);
  }

  private void checkReceiving(Event event) {
    check(!recording.isReceiving(event.stream()), "nothing is awaited on that stream", event);
    boolean early = event.kind() != Event.Kind.RESPONSE && recording.isHeadless(event.stream());
    check(early, "a body before its head", event);
  }

  private void check(boolean wrong, String why, Event event) {
    if (wrong) {
      recording.misuse(why + ": " + event);
    }
  }

  private void checkCurrent(String what) {
    if (retired) {
      recording.misuse(what + " after detach()");
    }
  }
}
