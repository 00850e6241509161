package dev.osprey.testkit;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happened on one connection, over all codec instances it had: the reports, the
 * bytes written, and each breach of the contract in words. Serial, like the strand it stands for.
 */
public final class Recording {
  private final TrackingAllocator alloc;
  private final Reactions reactions;
  private final List<Event> events = new ArrayList<>();
  private final List<String> misuses = new ArrayList<>();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Set<Integer> receiving = new HashSet<>();
  private final Set<Integer> sending = new HashSet<>();
  private final Set<Integer> answered = new HashSet<>();
  private final Set<Integer> headless = new HashSet<>();
  private final Set<Integer> goneAtOnce = new HashSet<>();
  private final ArrayDeque<ByteBuf> left = new ArrayDeque<>();
  private boolean keepsLeft;
  private @Nullable ByteBuf out;
  private boolean silent;
  private boolean closed;
  private Runnable onClose = () -> {};
  private boolean followsSends;
  private boolean opening;
  private int tunnel;
  private boolean congested;
  private @Nullable Duration alarm;

  /** An empty recording. */
  public Recording(TrackingAllocator alloc, Reactions reactions) {
    this.alloc = alloc;
    this.reactions = reactions;
  }

  /** Where the connection's buffers come from. */
  public TrackingAllocator alloc() {
    return alloc;
  }

  /** What was reported, in order. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /** What was written, in order. */
  public byte[] output() {
    flush();
    return written.toByteArray();
  }

  /** What was written, as ISO-8859-1 text. */
  public String outputText() {
    return new String(output(), StandardCharsets.ISO_8859_1);
  }

  /** The breaches of the contract that were seen; empty when all is well. */
  public List<String> misuses() {
    return List.copyOf(misuses);
  }

  /** True when the codec closed the connection. */
  public boolean isClosed() {
    return closed;
  }

  /** The stream whose tunnel the connection became; 0 for none. */
  public int tunnel() {
    return tunnel;
  }

  /** From now on the peer does not read, or reads again. */
  public void congested(boolean is) {
    congested = is;
  }

  boolean isCongested() {
    return congested;
  }

  /** When the codec asked to be woken, from the moment it asked; null when it did not. */
  public @Nullable Duration alarm() {
    return alarm;
  }

  void alarm(@Nullable Duration after) {
    alarm = after;
  }

  /** True when a stream is open in either direction. */
  public boolean hasOpenStreams() {
    return !receiving.isEmpty() || !sending.isEmpty();
  }

  /** True when more of the peer's message is awaited on any stream. */
  public boolean isReceivingAny() {
    return !receiving.isEmpty();
  }

  /** True when more of the peer's message is awaited on that stream. */
  public boolean isReceiving(int stream) {
    return receiving.contains(stream);
  }

  /** True when more may be sent on that stream; known only to a {@link Leg}. */
  public boolean isSending(int stream) {
    return sending.contains(stream);
  }

  /** True when the final head of that stream's response was received or sent. */
  public boolean isAnswered(int stream) {
    return answered.contains(stream);
  }

  /**
   * Fails on misuse.
   *
   * @throws AssertionError that lists what was done wrong
   */
  public void assertNoMisuse() {
    if (!misuses.isEmpty()) {
      throw new AssertionError(
          "the codec broke its contract:\n"
              + String.join("\n", misuses)
              + "\nafter these events:\n"
              + events);
    }
  }

  /** Notes bytes that arrived for, or left through, the tunnel. */
  void tunnelled(byte[] data) {
    if (data.length > 0) {
      String text = new String(data, StandardCharsets.ISO_8859_1);
      events.add(new Event(Event.Kind.DATA, tunnel, text, false));
      reactions.data(tunnel, alloc.buffer(data.length).writeBytes(data), false);
    }
  }

  /** Writes bytes of the tunnel. */
  void writeTunnel(byte[] data) {
    flush();
    written.writeBytes(data);
  }

  /** What is done when the codec closes, before it goes on. */
  void onClose(Runnable action) {
    onClose = action;
  }

  Reactions reactions() {
    return reactions;
  }

  /**
   * From now on the ends of what is sent are told too, so that numbers used twice can be checked.
   */
  void followSends() {
    followsSends = true;
  }

  /** A client's codec is about to open a stream, which it may refuse by a reset. */
  void opening() {
    opening = true;
  }

  /** A client's codec opened a stream; false when it reset it before its number was known. */
  boolean opened(int stream, boolean end) {
    opening = false;
    if (receiving.contains(stream) || sending.contains(stream)) {
      misuse("request() returned the number of an open stream: " + stream);
    }
    if (goneAtOnce.remove(stream)) {
      return false;
    }
    answered.remove(stream);
    headless.add(stream);
    receiving.add(stream);
    if (!end) {
      sending.add(stream);
    }
    return true;
  }

  void answered(int stream) {
    answered.add(stream);
    headless.remove(stream);
  }

  /** True when a client's stream has seen no final head yet. */
  boolean isHeadless(int stream) {
    return headless.contains(stream);
  }

  void sent(int stream, boolean end) {
    if (end) {
      sending.remove(stream);
    }
  }

  /** A stream ended in both directions; false when none of that number was open. */
  boolean gone(int stream) {
    boolean received = receiving.remove(stream);
    boolean known = sending.remove(stream) || received;
    headless.remove(stream);
    if (!known && opening) {
      goneAtOnce.add(stream);
    }
    return known || opening || !followsSends;
  }

  void receives(int stream, boolean end) {
    answered.remove(stream);
    if (!end) {
      receiving.add(stream);
    }
    if (followsSends) {
      sending.add(stream);
    }
  }

  /** A stream becomes a tunnel: what comes on it now is not the request's, which has ended. */
  void reopens(int stream) {
    receiving.add(stream);
  }

  /** An upstream opened a tunnel: what is sent on it now is not the request's, which has ended. */
  void opensTunnel(int stream) {
    sending.add(stream);
  }

  void received(int stream, boolean end) {
    if (end) {
      receiving.remove(stream);
    }
  }

  void record(Event event) {
    if (closed) {
      misuse("reported after close(): " + event);
    }
    mayAct("reported " + event);
    events.add(event);
  }

  /** From now on buffers may be left to the next instance, or not. */
  void keepsLeft(boolean keeps) {
    keepsLeft = keeps;
  }

  boolean leave(@Owned ByteBuf data) {
    if (!silent) {
      misuse("left a buffer while it was not detached");
    }
    return keepsLeft && left.add(data);
  }

  @Nullable ByteBuf takeLeft() {
    return left.poll();
  }

  /** The next instance is there; it must have taken what was left. */
  void assertNothingLeft() {
    if (!left.isEmpty()) {
      misuse("did not take " + left.size() + " buffers that the former instance left");
      left.forEach(ByteBuf::release);
      left.clear();
    }
  }

  void misuse(String what) {
    misuses.add(what);
  }

  /** Between these calls nothing may be reported or written: a codec detaches or attaches. */
  void silent(boolean nothingAllowed) {
    silent = nothingAllowed;
  }

  void close(Reset why) {
    if (closed) {
      misuse("closed twice");
    }
    events.add(Event.reset(Event.Kind.CLOSE, 0, why));
    mayAct("closed");
    closed = true;
    onClose.run();
    receiving.clear();
    sending.clear();
  }

  void tunnel(int stream) {
    record(new Event(Event.Kind.TUNNEL, stream, "", false));
    tunnel = stream;
  }

  @Borrowed
  ByteBuf out() {
    mayWrite();
    ByteBuf current = out;
    if (current == null) {
      out = current = alloc.buffer(64);
    }
    return current;
  }

  void write(@Owned ByteBuf data) {
    mayWrite();
    if (data.refCnt() <= 0) {
      misuse("wrote a buffer that is released already");
      return;
    }
    flush();
    written.writeBytes(ByteBufUtil.getBytes(data));
    data.release();
  }

  /** Moves what was appended to the lent buffer to the output and takes the buffer back. */
  void flush() {
    ByteBuf current = out;
    if (current == null) {
      return;
    }
    out = null;
    if (current.refCnt() != 1 || current.readerIndex() != 0) {
      misuse("the buffer of out() was released, retained or read: " + current);
    }
    if (current.refCnt() > 0) {
      written.writeBytes(ByteBufUtil.getBytes(current));
      current.release();
    }
  }

  private void mayWrite() {
    if (closed) {
      misuse("wrote after close()");
    }
    mayAct("wrote");
  }

  private void mayAct(String what) {
    if (silent) {
      misuse(what + " while it was detached or attached");
    }
  }
}
