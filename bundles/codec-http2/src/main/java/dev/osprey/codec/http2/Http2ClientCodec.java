package dev.osprey.codec.http2;

import dev.osprey.http.common.Methods;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Head;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** HTTP/2 facing an upstream. */
final class Http2ClientCodec implements ClientCodec, Role {
  static final String FORMAT = "http2.client";

  private static final byte[] NO_PROTOCOL = {};
  private static final Reset UNFORWARDABLE =
      Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, "a head that must not be forwarded");
  private static final Reset NO_CONNECT =
      Reset.byUpstream(Reset.Reason.REFUSED, "the upstream offers no extended CONNECT (RFC 8441)");
  private static final Reset BEYOND_GOODBYE =
      Reset.byUpstream(Reset.Reason.REFUSED, "beyond the upstream's goodbye").asRetryable();

  private final State state;
  private final ClientCodecHost host;
  private final Http2Plan plan;

  /** What the codec is made of; for its tests too. */
  final Connection connection;

  private final Inbound inbound;
  private final HeadReader heads;

  Http2ClientCodec(Http2Plan plan, State state, ClientCodecHost host) {
    this.state = state;
    this.host = host;
    this.plan = plan;
    this.connection = new Connection(state, host, plan, new OwnSettings(plan.config(), true), this);
    this.inbound = new Inbound(connection, this);
    this.heads = new HeadReader(plan.provenance());
  }

  // ---- writing

  @Override
  public int vacancies() {
    boolean noMore =
        state.over
            || state.heardGoodbye
            || state.goodbye != Goodbyes.NONE
            || state.lastStream >= Frames.MAX_STREAM - 2;
    if (noMore) {
      return 0;
    }
    long most = Math.min(state.peer.maxStreams, plan.config().maxUpstreamStreams());
    return (int) Math.max(0, most - state.streams.size());
  }

  /** Writes the preface and our settings, so that the upstream may say what it takes. */
  Http2ClientCodec begin() {
    var _ = connection.out.out();
    return this;
  }

  @Override
  public boolean isReady() {
    return state.settingsSeen;
  }

  @Override
  public int request(RequestHead head, boolean end) {
    int id = state.lastStream == 0 ? 1 : state.lastStream + 2;
    boolean tunnel = plan.config().allowConnect() && WebSockets.isAskedFor(head);
    if (tunnel && !state.peer.connectProtocol) {
      host.onReset(id, NO_CONNECT);
      return id;
    }
    ByteBuf out = connection.out.out();
    int begin = connection.out.beginBlock(out);
    boolean last = end && !tunnel;
    byte[] protocol = tunnel ? WebSockets.PROTOCOL : NO_PROTOCOL;
    if (!connection.out.heads().request(out, head, last, protocol)) {
      out.writerIndex(begin);
      host.onReset(id, UNFORWARDABLE);
      return id;
    }
    connection.out.endBlock(out, begin, id, last);
    state.lastStream = id;
    Stream stream = state.open(id);
    stream.sends = !last;
    stream.headOnly = Methods.isHead(head);
    stream.repeatable = last && Methods.isIdempotent(head);
    if (tunnel) {
      stream.tunnel = stream.headSent = true;
      stream.repeated = WebSockets.proof(head);
    }
    return id;
  }

  @Override
  public void data(int id, ByteBuf data, boolean end) {
    Stream stream = state.streams.get(id);
    if (stream == null || !stream.sends) {
      data.release();
    } else {
      connection.out.data(stream, data, end);
      settle(stream);
    }
  }

  @Override
  public void trailers(int id, Fields trailers) {
    Stream stream = state.streams.get(id);
    if (stream != null && stream.sends) {
      connection.out.trailers(stream, trailers);
      settle(stream);
    }
  }

  @Override
  public void reset(int id, Reset reset) {
    Stream stream = state.streams.get(id);
    if (stream != null) {
      connection.out.reset(id, ErrorCode.forUpstream(reset));
      forget(stream);
    }
  }

  @Override
  public void credit(int id, int bytes) {
    Stream stream = state.streams.get(id);
    if (stream != null) {
      connection.out.credit(stream, bytes);
      connection.intake.taken(stream, bytes);
    }
  }

  @Override
  public boolean isWritable(int id) {
    Stream stream = state.streams.get(id);
    return stream == null || !stream.isHeld();
  }

  // ---- reading

  @Override
  public Progress decode(ByteBuf in) {
    return inbound.decode(in);
  }

  @Override
  public void endOfInput(ByteBuf in) {
    in.skipBytes(in.readableBytes());
    connection.endOfInput();
  }

  @Override
  public boolean wasOpened(int stream) {
    return stream > 0 && stream % 2 == 1 && stream <= state.lastStream;
  }

  @Override
  public void block(int id, boolean end) {
    if (!wasOpened(id)) {
      connection.protocolError("HEADERS for a stream that was never opened");
      return;
    }
    Stream stream = state.streams.get(id);
    if (stream == null || !stream.receives) {
      blockOfClosed(id, stream);
    } else if (stream.headSeen && stream.tunnel) {
      if (connection.decode(FieldBlock.Kind.NONE)) {
        connection.streamError(stream, ErrorCode.PROTOCOL_ERROR, "HEADERS in a tunnel");
      }
    } else if (stream.headSeen) {
      connection.trailers(stream, end);
    } else if (connection.decode(FieldBlock.Kind.RESPONSE)) {
      response(stream, end);
    }
  }

  private void blockOfClosed(int id, @Nullable Stream stream) {
    if (!connection.decode(FieldBlock.Kind.NONE)) {
      return;
    }
    if (stream != null) {
      connection.streamError(stream, ErrorCode.STREAM_CLOSED, "HEADERS behind the end");
    } else if (!state.early.takes(id) && state.budgets.control()) {
      connection.flood(Counters.Event.CONTROL_FLOOD);
    }
  }

  private void response(Stream stream, boolean end) {
    ResponseHead head = stream.response();
    Fault fault = heads.response(connection.block, head, end);
    boolean bodiless = stream.headOnly || head.status() == 204 || head.status() == 304;
    long length = connection.block.contentLength;
    if (fault == null && end && length > 0 && !bodiless) {
      fault = Fault.BODY_LENGTH;
    }
    if (fault == null && head.status() < 200 && ++stream.interims > plan.config().maxInterims()) {
      fault = Fault.TOO_MANY_INTERIM;
    }
    if (fault != null) {
      malformed(stream, fault);
    } else if (head.status() < 200) {
      host.onResponse(stream.id, head, false);
    } else if (stream.tunnel && head.status() < 300) {
      openTunnel(stream, head, end);
    } else {
      decline(stream);
      stream.headSeen = true;
      stream.receives = !end;
      stream.expected = bodiless ? 0 : length;
      head.bodyLength(head.status() == 204 ? Head.UNKNOWN_LENGTH : end && !bodiless ? 0 : length);
      host.onResponse(stream.id, head, end);
      settle(stream);
    }
  }

  /** A success opens the tunnel (RFC 8441 section 5): to the host, what HTTP/1 says for it. */
  private void openTunnel(Stream stream, ResponseHead head, boolean end) {
    int id = stream.id;
    stream.headSeen = true;
    stream.receives = !end;
    WebSockets.asSwitch(head, stream.repeated);
    host.onResponse(id, head, false);
    if (end) {
      host.onData(id, Unpooled.EMPTY_BUFFER, true);
    }
    settle(stream);
  }

  /** Another answer than the tunnel that was asked for: nothing will be sent in it. */
  private void decline(Stream stream) {
    if (stream.tunnel) {
      stream.tunnel = false;
      connection.out.data(stream, Unpooled.EMPTY_BUFFER, true);
    }
  }

  @Override
  public void malformed(Stream stream, Fault fault) {
    int id = stream.id;
    plan.counters()
        .count(
            fault == Fault.TOO_LARGE
                ? Counters.Event.HEADER_OVERFLOW
                : Counters.Event.MESSAGING_ERROR);
    connection.out.reset(id, ErrorCode.PROTOCOL_ERROR);
    boolean wasFull = takeOut(stream);
    host.onReset(id, Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, fault.detail));
    after(wasFull);
  }

  @Override
  public void reset(Stream stream, ErrorCode code) {
    int id = stream.id;
    boolean wasFull = takeOut(stream);
    host.onReset(id, code.reset(Reset.Source.UPSTREAM));
    after(wasFull);
  }

  @Override
  public void goaway(int last) {
    if (!state.heardGoodbye) {
      state.heardGoodbye = true;
      host.onGoodbye();
    }
    for (Stream stream : state.streams.all()) {
      int id = stream.id;
      if (id > last) {
        connection.forget(stream);
        host.onReset(id, BEYOND_GOODBYE);
      }
    }
    closeWhenDone();
  }

  @Override
  public void pong(long payload) {
    if (payload == Goodbyes.ALIVE_PING) {
      connection.alive();
    }
  }

  @Override
  public void wake() {
    connection.wake();
  }

  // ---- ends

  @Override
  public void settle(Stream stream) {
    if (stream.id == 0 || stream.receives) {
      return;
    }
    if (!stream.sends) {
      state.budgets.completed();
      forget(stream);
    } else if (stream.isHeldToTheEnd() && !stream.tunnel) {
      // The answer is complete, and the host has given all it has: nobody will end the upload.
      connection.out.reset(stream.id, ErrorCode.CANCEL);
      forget(stream);
    }
  }

  @Override
  public void afterForget() {
    if (vacancies() > 0) {
      host.onWritable();
    }
    closeWhenDone();
  }

  private void forget(Stream stream) {
    after(takeOut(stream));
  }

  /** Takes a stream out; true when no other could be opened before. */
  private boolean takeOut(Stream stream) {
    boolean wasFull = vacancies() == 0;
    connection.forget(stream);
    return wasFull;
  }

  private void after(boolean wasFull) {
    if (wasFull && vacancies() > 0) {
      host.onWritable();
    }
    closeWhenDone();
  }

  private void closeWhenDone() {
    boolean ending = state.heardGoodbye || state.goodbye != Goodbyes.NONE;
    if (ending && state.streams.size() == 0) {
      connection.close(Reset.byHost(Reset.Reason.DRAINING, "goodbye"));
    }
  }

  @Override
  public void goodbye() {
    if (state.goodbye == Goodbyes.NONE && !state.over) {
      state.goodbye = Goodbyes.FINAL;
      connection.out.goaway(0, ErrorCode.NO_ERROR, "");
      closeWhenDone();
    }
  }

  /** Never: tables and settings live as long as the connection. */
  @Override
  public boolean isAtRest() {
    return false;
  }

  @Override
  public Reset.Source peer() {
    return Reset.Source.UPSTREAM;
  }

  @Override
  public StateRecord detach() {
    return state.toRecord(FORMAT, host);
  }

  @Override
  public void closed() {
    state.release();
  }
}
