package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Writes frames; DATA only as far as the peer's windows allow, the rest is kept in its stream. */
final class Outbound {
  private static final byte[] PREFACE = Bytes.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  private static final int MAX_DEBUG = 100;

  private final State state;
  private final CodecHost host;
  private final Times times;
  private final OwnSettings settings;
  private final HeadWriter heads;
  private final Counters counters;
  private boolean released;

  Outbound(
      State state,
      CodecHost host,
      Times times,
      OwnSettings settings,
      HeadWriter heads,
      Counters counters) {
    this.state = state;
    this.host = host;
    this.times = times;
    this.settings = settings;
    this.heads = heads;
    this.counters = counters;
  }

  HeadWriter heads() {
    return heads;
  }

  /** The buffer to append to; the connection's first frames are in it already. */
  ByteBuf out() {
    ByteBuf out = host.out();
    if (!state.begun) {
      state.begun = true;
      if (settings.isClient()) {
        out.writeBytes(PREFACE);
      }
      settings.write(out, state);
    }
    return out;
  }

  private void wrote(int payload, boolean control) {
    if (host.isWritable()) {
      state.budgets.read();
      return;
    }
    state.budgets.unread(Frames.HEADER_BYTES + payload, control);
    times.waits();
    if (state.budgets.isOverdrawn()) {
      times.endSoon();
    }
  }

  // ---- blocks

  /** Begins a field block; its fields are then appended, and {@link #endBlock} called. */
  int beginBlock(ByteBuf out) {
    int begin = out.writerIndex();
    out.writeZero(Frames.HEADER_BYTES);
    if (!state.noTableSaid) {
      HpackWriter.noTable(out);
    }
    return begin;
  }

  /** Ends a field block: gives it its header, and continuations when it is too large for one. */
  void endBlock(ByteBuf out, int begin, int stream, boolean end) {
    state.noTableSaid = true;
    int length = out.writerIndex() - begin - Frames.HEADER_BYTES;
    int flags = end ? Frames.END_STREAM : 0;
    if (length <= state.peer.maxFrameSize) {
      Frames.setHeader(out, begin, length, Frames.HEADERS, flags | Frames.END_HEADERS, stream);
    } else {
      split(out, begin, stream, flags);
    }
    wrote(length, false);
  }

  private void split(ByteBuf out, int begin, int stream, int flags) {
    int from = begin + Frames.HEADER_BYTES;
    byte[] block = ByteBufUtil.getBytes(out, from, out.writerIndex() - from, true);
    out.writerIndex(begin);
    int most = state.peer.maxFrameSize;
    for (int at = 0; at < block.length; at += most) {
      int length = Math.min(most, block.length - at);
      int last = at + length == block.length ? Frames.END_HEADERS : 0;
      int type = at == 0 ? Frames.HEADERS : Frames.CONTINUATION;
      Frames.header(out, length, type, (at == 0 ? flags : 0) | last, stream);
      out.writeBytes(block, at, length);
    }
  }

  // ---- bodies

  /** Sends body bytes or keeps them until the windows allow it. */
  void data(Stream stream, ByteBuf data, boolean end) {
    int length = data.readableBytes();
    if (!stream.isHeld() && length <= stream.sendWindow && length <= state.sendWindow) {
      send(stream, data, length, end);
    } else {
      stream.endQueued |= end;
      stream.queue.add(data, host.alloc());
      drain(stream, Integer.MAX_VALUE);
    }
  }

  private void send(Stream stream, ByteBuf data, int length, boolean end) {
    stream.sendWindow -= length;
    state.sendWindow -= length;
    int left = length;
    int most = state.peer.maxFrameSize;
    while (left > most) {
      Frames.header(out(), most, Frames.DATA, 0, stream.id);
      host.write(data.readRetainedSlice(most));
      left -= most;
      state.budgets.sent(most, false);
      wrote(most, false);
    }
    if (left > 0 || end) {
      Frames.header(out(), left, Frames.DATA, end ? Frames.END_STREAM : 0, stream.id);
      state.budgets.sent(left, false);
    }
    if (left > 0) {
      host.write(data);
    } else {
      data.release();
    }
    wrote(left, false);
    stream.sends = !end;
  }

  /**
   * Sends what waits, as far as the windows allow, then the end when it is due.
   *
   * @param frames at most so many
   * @return true when something was sent
   */
  boolean drain(Stream stream, int frames) {
    int sent = 0;
    while (stream.isHeld() && sent < frames) {
      int room = (int) Math.min(stream.sendWindow, state.sendWindow);
      int length = Math.min(Math.min(room, stream.queue.bytes()), state.peer.maxFrameSize);
      if (length <= 0) {
        break;
      }
      sendQueued(stream, length);
      sent++;
    }
    if (stream.isHeld()) {
      hold(stream);
    } else {
      finish(stream);
    }
    return sent > 0;
  }

  private void sendQueued(Stream stream, int length) {
    boolean last =
        length == stream.queue.bytes() && stream.endQueued && stream.trailersQueued == null;
    boolean squeezed = length < Math.min(stream.queue.bytes(), state.peer.maxFrameSize);
    stream.sendWindow -= length;
    state.sendWindow -= length;
    Frames.header(out(), length, Frames.DATA, last ? Frames.END_STREAM : 0, stream.id);
    // How the queue is cut into buffers must not show: a swap joins them.
    for (int left = length; left > 0; ) {
      ByteBuf part = stream.queue.remove(left);
      left -= part.readableBytes();
      host.write(part);
    }
    stream.sends &= !last;
    state.budgets.sent(length, squeezed);
    wrote(length, false);
  }

  private void hold(Stream stream) {
    if (!stream.waits) {
      stream.waits = true;
      state.waiting.addLast(stream);
    }
    if (stream.isHeldToTheEnd()) {
      times.waits();
    }
  }

  private void finish(Stream stream) {
    released = true;
    if (stream.waits) {
      stream.waits = false;
      state.waiting.remove(stream);
    }
    Fields trailers = stream.trailersQueued;
    if (trailers != null) {
      stream.trailersQueued = null;
      sendTrailers(stream, trailers);
    } else if (stream.endQueued && stream.sends) {
      sendEnd(stream);
    }
  }

  private void sendEnd(Stream stream) {
    Frames.header(out(), 0, Frames.DATA, Frames.END_STREAM, stream.id);
    stream.sends = false;
    wrote(0, false);
  }

  /** True once when a stream that waited has sent all it had. */
  boolean takeReleased() {
    boolean was = released;
    released = false;
    return was;
  }

  /** Sends trailers, behind what waits. */
  void trailers(Stream stream, Fields trailers) {
    if (stream.isHeld()) {
      Fields copy = new Fields();
      for (int i = 0; i < trailers.size(); i++) {
        copy.add(trailers.name(i), trailers.value(i));
        copy.tag(i, HeadWriter.neverIndexed(trailers, i));
      }
      stream.trailersQueued = copy;
      times.waits();
    } else {
      sendTrailers(stream, trailers);
    }
  }

  private void sendTrailers(Stream stream, Fields trailers) {
    ByteBuf out = out();
    int begin = beginBlock(out);
    if (heads.trailers(out, trailers) > 0) {
      endBlock(out, begin, stream.id, true);
      stream.sends = false;
    } else {
      out.writerIndex(begin);
      sendEnd(stream);
    }
  }

  // ---- windows

  /** Takes note that body of a stream went on; tells the peer when it is worth a frame. */
  void credit(Stream stream, int bytes) {
    stream.owed += bytes;
    if (stream.receives && stream.owed >= state.ownWindow / 2) {
      windowUpdate(stream.id, stream.owed);
      stream.receiveWindow += stream.owed;
      stream.owed = 0;
    }
  }

  /** As {@link #credit}, for the connection; body is never held back there. */
  void creditConnection(int bytes) {
    state.owed += bytes;
    if (state.owed >= state.ownConnectionWindow / 2) {
      windowUpdate(0, state.owed);
      state.receiveWindow += state.owed;
      state.owed = 0;
    }
  }

  private void windowUpdate(int stream, int bytes) {
    ByteBuf out = out();
    Frames.header(out, 4, Frames.WINDOW_UPDATE, 0, stream);
    out.writeInt(bytes);
    wrote(4, false);
  }

  // ---- control

  /** Ends a stream early; what was on its way to it will be no error. */
  void reset(int stream, ErrorCode code) {
    ByteBuf out = out();
    Frames.header(out, 4, Frames.RST_STREAM, 0, stream);
    out.writeInt(code.number());
    state.early.add(stream);
    counters.count(Counters.Event.TX_RESET);
    wrote(4, true);
  }

  /** True when the configuration has changed since the peer heard of it. */
  boolean hasNews() {
    return settings.hasNews(state);
  }

  /** Tells the peer. */
  void announce() {
    wrote(settings.writeNews(out(), state), true);
  }

  void settingsAck() {
    Frames.header(out(), 0, Frames.SETTINGS, Frames.ACK, 0);
    wrote(0, true);
  }

  void ping(long payload, boolean ack) {
    ByteBuf out = out();
    Frames.header(out, Frames.PING_BYTES, Frames.PING, ack ? Frames.ACK : 0, 0);
    out.writeLong(payload);
    wrote(Frames.PING_BYTES, true);
  }

  /** Says that streams above {@code last} are not, and will not be, acted upon. */
  void goaway(int last, ErrorCode code, String debug) {
    byte[] text = debug.getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(text.length, MAX_DEBUG);
    ByteBuf out = out();
    Frames.header(out, 8 + length, Frames.GOAWAY, 0, 0);
    out.writeInt(last).writeInt(code.number()).writeBytes(text, 0, length);
    counters.count(Counters.Event.GOAWAY_SENT);
    wrote(8 + length, true);
  }
}
