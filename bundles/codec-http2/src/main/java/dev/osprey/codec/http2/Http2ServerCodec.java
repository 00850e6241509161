package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.ForwardedFields;
import dev.osprey.http.common.Methods;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** HTTP/2 facing a client. */
final class Http2ServerCodec implements ServerCodec, Role {
  static final String FORMAT = "http2.server";

  private static final int BAD_GATEWAY = 502;
  private static final Reset NO_TUNNEL =
      Reset.byHost(Reset.Reason.PROTOCOL_ERROR, "a tunnel that cannot be opened");
  private static final Reset ANSWERED =
      Reset.byHost(Reset.Reason.CANCELLED, "answered before the request was complete");

  private final State state;
  private final ServerCodecHost host;
  private final Http2Plan plan;

  /** What the codec is made of; for its tests too. */
  final Connection connection;

  private final Inbound inbound;
  private final HeadReader heads;
  private final ForwardedFields forwarded;
  private final String scheme;

  Http2ServerCodec(Http2Plan plan, State state, ServerCodecHost host) {
    this.state = state;
    this.host = host;
    this.plan = plan;
    this.connection =
        new Connection(state, host, plan, new OwnSettings(plan.config(), false), this);
    this.inbound = new Inbound(connection, this);
    this.heads = new HeadReader(plan.provenance());
    this.forwarded = new ForwardedFields(plan.forwarded(), host);
    this.scheme = host.isSecure() ? "https" : "http";
  }

  // ---- reading

  @Override
  public Progress decode(ByteBuf in) {
    if (state.preface || state.over) {
      return inbound.decode(in);
    }
    return switch (FirstBytes.recognise(in)) {
      case NEED_MORE -> Progress.NEED_INPUT;
      case NO -> {
        plan.counters().count(Counters.Event.PROTOCOL_ERROR);
        in.skipBytes(in.readableBytes());
        connection.close(Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, "no HTTP/2 preface"));
        yield Progress.NEED_INPUT;
      }
      case MATCH -> {
        in.skipBytes(FirstBytes.LENGTH);
        state.preface = true;
        // Our settings are the first thing the client hears.
        var _ = connection.out.out();
        yield Progress.AGAIN;
      }
    };
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
    Stream open = state.streams.get(id);
    if (open != null) {
      blockOfOpen(open, end);
    } else if (id % 2 == 0) {
      connection.protocolError("a stream of an even number");
    } else if (id <= state.lastStream) {
      blockOfClosed(id);
    } else {
      state.lastStream = id;
      begin(id, end);
    }
  }

  private void blockOfOpen(Stream stream, boolean end) {
    if (stream.receives && stream.tunnel) {
      if (connection.decode(FieldBlock.Kind.NONE)) {
        connection.streamError(stream, ErrorCode.PROTOCOL_ERROR, "HEADERS in a tunnel");
      }
    } else if (stream.receives) {
      connection.trailers(stream, end);
    } else if (connection.decode(FieldBlock.Kind.NONE)) {
      connection.streamError(stream, ErrorCode.STREAM_CLOSED, "HEADERS behind the end");
    }
  }

  private void blockOfClosed(int id) {
    if (!connection.decode(FieldBlock.Kind.NONE)) {
      return;
    }
    if (state.early.takes(id)) {
      return;
    }
    if (!state.early.contains(id)) {
      // It may have been skipped: then no other code will do (section 5.1.1).
      connection.fail(
          ErrorCode.PROTOCOL_ERROR,
          Counters.Event.STREAM_CLOSED,
          "HEADERS of a stream that is closed or was skipped");
    } else if (state.budgets.control()) {
      connection.flood(Counters.Event.CONTROL_FLOOD);
    }
  }

  private void begin(int id, boolean end) {
    boolean ending = state.goodbye == Goodbyes.FINAL;
    if (ending || state.streams.size() >= state.believedStreams) {
      refuse(id, ending);
      return;
    }
    if (state.headBytes >= plan.config().bounds().openHeadBytes()) {
      plan.counters().count(Counters.Event.OPEN_HEADS_OVERFLOW);
      refuse(id, false);
      return;
    }
    if (!connection.decode(FieldBlock.Kind.REQUEST)) {
      return;
    }
    Stream stream = state.open(id);
    stream.receives = !end;
    RequestHead head = stream.request();
    Fault fault =
        heads.request(connection.block, head, end, state.offersConnect, scheme, forwarded);
    state.holdHead(stream, connection.block.headBytes());
    stream.headOnly = Methods.isHead(head);
    if (fault != null) {
      malformed(stream, fault);
      return;
    }
    stream.headSeen = true;
    stream.tunnel = head.upgrade() != null;
    stream.expected = stream.tunnel ? Stream.UNKNOWN : connection.block.contentLength;
    if (plan.config().forwarding().requestIdInResponse()) {
      String requestId = forwarded.requestIdOf(head.fields());
      stream.repeated = requestId == null ? null : Bytes.of(requestId);
    }
    // A tunnel's request has no body; what comes later is the tunnel's.
    host.onRequest(id, head, end || stream.tunnel);
    settle(stream);
  }

  /** A stream that is not acted upon: the client may ask again elsewhere, or after our goodbye. */
  private void refuse(int id, boolean ending) {
    if (!connection.decode(FieldBlock.Kind.NONE)) {
      return;
    }
    plan.counters().count(Counters.Event.STREAM_REFUSED);
    if (ending) {
      state.early.add(id);
    } else {
      connection.out.reset(id, ErrorCode.REFUSED_STREAM);
    }
    if (state.budgets.control()) {
      connection.flood(Counters.Event.CONTROL_FLOOD);
    }
  }

  /**
   * The request gets an answer, and what is malformed a reset behind it (section 8.1.1). What still
   * comes of it is dropped.
   */
  @Override
  public void malformed(Stream stream, Fault fault) {
    plan.counters()
        .count(
            fault == Fault.TOO_LARGE
                ? Counters.Event.HEADER_OVERFLOW
                : Counters.Event.MESSAGING_ERROR);
    if (stream.headSent) {
      connection.streamError(stream, ErrorCode.PROTOCOL_ERROR, fault.detail);
      return;
    }
    stream.refused = true;
    stream.malformed = fault.status == 400;
    boolean tooMany = state.budgets.premature();
    RequestHead head = stream.request();
    boolean hasMethod = head.methodEnd() > head.methodStart();
    host.onBadRequest(stream.id, hasMethod ? head : null, fault.reply());
    if (tooMany) {
      connection.flood(Counters.Event.RAPID_RESET);
    }
  }

  @Override
  public void reset(Stream stream, ErrorCode code) {
    int id = stream.id;
    boolean told = stream.isOverForHost();
    boolean tooMany = state.budgets.premature();
    connection.forget(stream);
    if (!told) {
      host.onReset(id, code.reset(Reset.Source.DOWNSTREAM));
    }
    closeWhenDone();
    if (tooMany) {
      connection.flood(Counters.Event.RAPID_RESET);
    }
  }

  @Override
  public void goaway(int last) {
    if (!state.heardGoodbye) {
      state.heardGoodbye = true;
      host.onGoodbye();
    }
  }

  @Override
  public void pong(long payload) {
    if (payload == Goodbyes.DRAIN_PING && state.goodbye == Goodbyes.ANNOUNCED) {
      state.goodbye = Goodbyes.FINAL;
      state.lastAnnounced = state.lastStream;
      connection.out.goaway(state.lastStream, ErrorCode.NO_ERROR, "");
      closeWhenDone();
    } else if (payload == Goodbyes.ALIVE_PING) {
      connection.alive();
    }
  }

  @Override
  public void wake() {
    connection.wake();
  }

  // ---- writing

  @Override
  public void respond(int id, ResponseHead head, boolean end) {
    Stream stream = state.streams.get(id);
    if (stream == null || !stream.sends || stream.headSent) {
      return;
    }
    if (head.opensTunnel()) {
      openTunnel(stream, head);
      return;
    }
    boolean success = head.status() >= 200 && head.status() < 300;
    if (head.status() == 101 || (stream.tunnel && success)) {
      // To the client a success would be an open tunnel (RFC 8441 section 5).
      badGateway(stream);
      return;
    }
    boolean none = head.status() == 204;
    boolean bodiless = stream.headOnly || head.status() == 304;
    long length = none || head.isInterim() ? -1 : head.bodyLength();
    // A body that must not be there, as of a proxy's own answer to HEAD, is dropped (RFC 9110
    // 6.4.1).
    boolean last = (end || bodiless || none) && !head.isInterim();
    ByteBuf out = connection.out.out();
    int begin = connection.out.beginBlock(out);
    long said = last && !bodiless ? Math.min(length, 0) : length;
    byte[] requestId = head.isInterim() ? null : stream.repeated;
    if (!connection.out.heads().response(out, head, head.status(), said, requestId)) {
      out.writerIndex(begin);
      badGateway(stream);
      return;
    }
    connection.out.endBlock(out, begin, id, last);
    stream.headSent = !head.isInterim();
    stream.sends = !last;
    if (stream.headSent) {
      decline(stream);
    }
    settle(stream);
  }

  /** Answers an extended CONNECT as RFC 8441 section 5 has it: the upstream's 101 is a 200 here. */
  private void openTunnel(Stream stream, ResponseHead head) {
    ByteBuf out = connection.out.out();
    int begin = connection.out.beginBlock(out);
    if (stream.tunnel && connection.out.heads().response(out, head, 200, -1, stream.repeated)) {
      connection.out.endBlock(out, begin, stream.id, false);
      stream.headSent = true;
      return;
    }
    out.writerIndex(begin);
    host.onReset(stream.id, NO_TUNNEL);
    badGateway(stream);
  }

  private static void decline(Stream stream) {
    stream.declined = stream.tunnel;
    stream.tunnel = false;
  }

  /** Answers in place of a head that cannot be forwarded. */
  private void badGateway(Stream stream) {
    ByteBuf out = connection.out.out();
    int begin = connection.out.beginBlock(out);
    HeadWriter.status(out, BAD_GATEWAY);
    connection.out.endBlock(out, begin, stream.id, true);
    stream.headSent = true;
    stream.sends = false;
    decline(stream);
    settle(stream);
  }

  @Override
  public void data(int id, ByteBuf data, boolean end) {
    Stream stream = state.streams.get(id);
    if (stream == null || !stream.sends || !stream.headSent) {
      data.release();
    } else {
      connection.out.data(stream, data, end);
      settle(stream);
    }
  }

  @Override
  public void trailers(int id, Fields trailers) {
    Stream stream = state.streams.get(id);
    if (stream != null && stream.sends && stream.headSent) {
      if (stream.tunnel) {
        // Nothing but DATA may be sent there (section 8.5).
        connection.out.data(stream, Unpooled.EMPTY_BUFFER, true);
      } else {
        connection.out.trailers(stream, trailers);
      }
      settle(stream);
    }
  }

  @Override
  public void reset(int id, Reset reset) {
    Stream stream = state.streams.get(id);
    if (stream == null) {
      return;
    }
    boolean open = stream.tunnel && stream.headSent;
    boolean answering = stream.headSent && stream.sends && !open;
    Fields status = answering ? GrpcAnswers.trailers(stream, reset) : null;
    if (status == null) {
      ErrorCode code = open ? ErrorCode.forTunnel(reset) : ErrorCode.forClient(reset);
      // What was answered was processed, whatever the cause says (section 8.7).
      boolean processed = stream.headSent && code == ErrorCode.REFUSED_STREAM;
      connection.out.reset(id, processed ? ErrorCode.INTERNAL_ERROR : code);
    } else {
      stream.dropQueued();
      connection.out.trailers(stream, status);
      if (stream.receives) {
        connection.out.reset(id, ErrorCode.NO_ERROR);
      }
    }
    connection.forget(stream);
    closeWhenDone();
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

  // ---- ends

  /** A request whose answer is complete is of no use any more (section 8.1). */
  @Override
  public void settle(Stream stream) {
    int id = stream.id;
    if (id == 0 || stream.sends || (stream.tunnel && stream.receives)) {
      if (stream.isOverForHost()) {
        state.letHeadGo(stream);
      }
      return;
    }
    boolean told = stream.refused || stream.declined || !stream.receives;
    if (stream.malformed) {
      connection.out.reset(id, ErrorCode.PROTOCOL_ERROR);
    } else if (stream.receives) {
      connection.out.reset(id, ErrorCode.NO_ERROR);
    }
    boolean useful = !stream.refused;
    connection.forget(stream);
    if (useful) {
      state.budgets.completed();
    }
    if (!told) {
      host.onReset(id, ANSWERED);
    }
    closeWhenDone();
  }

  @Override
  public boolean closesAfterGoodbye() {
    return true;
  }

  @Override
  public void goodbye() {
    if (state.goodbye == Goodbyes.NONE && !state.over) {
      state.goodbye = Goodbyes.ANNOUNCED;
      connection.out.goaway(Frames.MAX_STREAM, ErrorCode.NO_ERROR, "");
      connection.out.ping(Goodbyes.DRAIN_PING, false);
    }
  }

  private void closeWhenDone() {
    if (state.goodbye == Goodbyes.FINAL && state.streams.size() == 0) {
      connection.close(Reset.byHost(Reset.Reason.DRAINING, "goodbye"));
    }
  }

  @Override
  public void afterForget() {
    closeWhenDone();
  }

  /** Never: tables and settings live as long as the connection. */
  @Override
  public boolean isAtRest() {
    return false;
  }

  @Override
  public Reset.Source peer() {
    return Reset.Source.DOWNSTREAM;
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
