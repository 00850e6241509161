package dev.osprey.codec.http1;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
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

/**
 * HTTP/1 facing an upstream: one exchange at a time. Whatever casts doubt on where a response ends
 * makes the connection unfit for another one.
 */
final class Http1ClientCodec implements ClientCodec {
  private static final int FEW_FIELDS = 8;

  static final String FORMAT = "http1.client";
  static final int VERSION = 1;

  private static final int STREAM = 1;

  private static final Reset LAST =
      Reset.byHost(Reset.Reason.DRAINING, "the upstream's last response is complete");

  /** Where the reading side stands. Ordinals are part of the state record: append only. */
  private enum Reading {
    IDLE,
    HEAD,
    BODY,
    DONE,
    CLOSED
  }

  private final Http1Config config;
  private final ClientCodecHost host;
  private final HeadScanner scanner;
  private final HeadLoader loader;
  private final HeadWriter writer;
  private final BodyReader responseBody;
  private final BodyWriter requestBody = new BodyWriter();
  private final ClientExchange exchange = new ClientExchange();
  // Room for its bytes is made once their number is known.
  private final ResponseHead head = new ResponseHead(new Fields(0, FEW_FIELDS));

  private Reading reading = Reading.IDLE;
  private boolean requestDone = true;
  private boolean reusable = true;
  private boolean used;

  Http1ClientCodec(Http1Plan plan, ClientCodecHost host) {
    this.config = plan.config();
    this.host = host;
    this.scanner = new HeadScanner(config.limits());
    this.loader = new HeadLoader(plan.provenance(), config.limits().maxHeadBytes());
    this.writer = new HeadWriter(plan.provenance(), plan.responseExtras());
    this.responseBody = new BodyReader(config, plan.provenance(), scanner);
  }

  /** Goes on where {@link #detach} left off. */
  void restore(StateRecord record) {
    StateReader state = new StateReader(record);
    reading = state.choice(Reading.values());
    requestDone = state.flag();
    reusable = state.flag();
    used = state.flag();
    exchange.restore(state);
    responseBody.restore(state);
    requestBody.restore(state);
  }

  @Override
  public StateRecord detach() {
    StateWriter state = new StateWriter();
    state.choice(reading).flag(requestDone).flag(reusable).flag(used);
    exchange.save(state);
    responseBody.save(state);
    requestBody.save(state);
    return state.toRecord(FORMAT, VERSION);
  }

  @Override
  public int vacancies() {
    return reading == Reading.IDLE && reusable ? 1 : 0;
  }

  @Override
  public int request(RequestHead request, boolean end) {
    BodyWriter.Framing framing = framing(request, end);
    long length = end ? 0 : Math.max(0, request.bodyLength());
    if (!writer.request(host.out(), request, framing, length)) {
      host.onReset(
          STREAM,
          Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, "a request head that is not valid"));
      return STREAM;
    }
    boolean reused = used;
    exchange.begin(request);
    exchange.idempotent &= reused;
    used = true;
    requestBody.begin(framing, length);
    requestDone = end;
    reading = Reading.HEAD;
    return STREAM;
  }

  private static BodyWriter.Framing framing(RequestHead request, boolean end) {
    if (end) {
      return ClientExchange.saysLength(request)
          ? BodyWriter.Framing.LENGTH
          : BodyWriter.Framing.NONE;
    }
    return request.bodyLength() == Head.UNKNOWN_LENGTH
        ? BodyWriter.Framing.CHUNKED
        : BodyWriter.Framing.LENGTH;
  }

  @Override
  public Progress decode(ByteBuf in) {
    return switch (reading) {
      case HEAD -> in.isReadable() ? readHead(in) : Progress.NEED_INPUT;
      case BODY -> readBody(in);
      case IDLE, DONE -> {
        if (in.isReadable()) {
          close(Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, Fault.SURPLUS.detail));
        }
        yield Progress.NEED_INPUT;
      }
      case CLOSED -> {
        in.skipBytes(in.readableBytes());
        yield Progress.NEED_INPUT;
      }
    };
  }

  private Progress readHead(ByteBuf in) {
    int length = scan(in);
    if (length == HeadScanner.INCOMPLETE) {
      return Progress.NEED_INPUT;
    }
    if (length == HeadScanner.BAD) {
      return fail(scanner.fault());
    }
    if (length > config.limits().maxHeadBytes()) {
      return fail(Fault.HEAD_TOO_LARGE);
    }
    in.skipBytes(length);
    if (head.status() == 101) {
      return switchProtocol();
    }
    return head.status() < 200 ? interim() : finalHead(in);
  }

  private int scan(ByteBuf in) {
    head.clear();
    while (true) {
      int limit = loader.load(in, head.fields(), 0);
      if (limit == 0) {
        return loader.isOver(in) ? scanner.tooLarge(in) : HeadScanner.INCOMPLETE;
      }
      int length = scanner.response(head, limit);
      if (length != HeadScanner.INCOMPLETE || loader.isWhole()) {
        loader.reset();
        return length == HeadScanner.INCOMPLETE ? HeadScanner.BAD : length;
      }
    }
  }

  private Progress interim() {
    if (++exchange.interims > config.limits().maxInterimResponses()) {
      return fail(Fault.TOO_MANY_INTERIM);
    }
    host.onResponse(STREAM, head, false);
    return Progress.AGAIN;
  }

  private Progress switchProtocol() {
    HeadFacts facts = scanner.facts;
    String protocol = head.fields().text(facts.upgradeStart, facts.upgradeEnd);
    if (!requestDone || !facts.asksForUpgrade() || !exchange.askedFor(protocol)) {
      return fail(Fault.UNSOLICITED_UPGRADE);
    }
    head.opensTunnel(true);
    host.onResponse(STREAM, head, false);
    if (reading == Reading.HEAD) {
      reading = Reading.CLOSED;
      host.becomeTunnel(STREAM);
    }
    return Progress.AGAIN;
  }

  private Progress finalHead(ByteBuf in) {
    HeadFacts facts = scanner.facts;
    boolean http10 = scanner.minorVersion() == 0;
    reusable &= !facts.close && (!http10 || facts.keepAlive);
    Fault fault = beginBody(facts, http10);
    if (fault != null) {
      return fail(fault);
    }
    boolean end = responseBody.isDone();
    reading = Reading.BODY;
    if (end) {
      endOfResponse(in);
    }
    host.onResponse(STREAM, head, end);
    if (end) {
      afterResponse();
    }
    return Progress.AGAIN;
  }

  /** Decides how the response's body is framed (RFC 9112 section 6.3). */
  private @Nullable Fault beginBody(HeadFacts facts, boolean http10) {
    int status = head.status();
    head.bodyLength(facts.contentLength);
    if (facts.chunked && (http10 || facts.contentLength >= 0)) {
      return http10 ? Fault.CODING_IN_10 : Fault.BOTH_LENGTHS;
    }
    if (exchange.headOnly || status == 204 || status == 304) {
      responseBody.beginNone();
      if (status == 204) {
        head.bodyLength(Head.UNKNOWN_LENGTH);
      }
    } else if (facts.chunked) {
      responseBody.beginChunked();
    } else if (facts.contentLength >= 0) {
      responseBody.beginLength(facts.contentLength);
    } else {
      responseBody.beginUntilClose();
      reusable = false;
    }
    return null;
  }

  private Progress readBody(ByteBuf in) {
    BodyReader.Found found = responseBody.read(in);
    boolean end = responseBody.isDone();
    if (end) {
      endOfResponse(in);
    }
    switch (found) {
      case NOTHING -> {
        return Progress.NEED_INPUT;
      }
      case DATA -> host.onData(STREAM, responseBody.takeData(), end);
      case END -> host.onData(STREAM, Unpooled.EMPTY_BUFFER, true);
      case TRAILERS -> host.onTrailers(STREAM, responseBody.trailers());
      case FAULT -> {
        return fail(responseBody.fault());
      }
    }
    if (end) {
      afterResponse();
    }
    return Progress.AGAIN;
  }

  /** The response has been read; its end is about to be reported, so vacancies must be right. */
  private void endOfResponse(ByteBuf in) {
    reusable &= !in.isReadable();
    reading = !reusable ? Reading.CLOSED : requestDone ? Reading.IDLE : Reading.DONE;
  }

  private void afterResponse() {
    if (reading == Reading.IDLE) {
      host.onWritable();
    } else if (reading == Reading.CLOSED && !reusable) {
      host.close(LAST);
    }
  }

  @Override
  public void endOfInput(ByteBuf in) {
    switch (reading) {
      case IDLE, DONE -> close(lost(Reset.Reason.CONNECTION_LOST));
      case HEAD -> fail(lostBeforeHead(in));
      case BODY -> endOfInputInBody();
      case CLOSED -> {}
    }
  }

  private void endOfInputInBody() {
    if (!responseBody.endsWithConnection()) {
      fail(lost(Reset.Reason.TRUNCATED));
      return;
    }
    responseBody.beginNone();
    reading = Reading.CLOSED;
    host.onData(STREAM, Unpooled.EMPTY_BUFFER, true);
    host.close(LAST);
  }

  /**
   * A pooled connection may die of old age under an idempotent request: that one may be retried.
   */
  private Reset lostBeforeHead(ByteBuf in) {
    if (in.isReadable()) {
      return lost(Reset.Reason.TRUNCATED);
    }
    Reset reset = lost(Reset.Reason.CONNECTION_LOST);
    boolean safe = exchange.idempotent && !exchange.bodyBegun && exchange.interims == 0;
    return safe ? reset.asRetryable() : reset;
  }

  private static Reset lost(Reset.Reason reason) {
    return Reset.byUpstream(reason, "the upstream closed");
  }

  @Override
  public void data(int stream, ByteBuf data, boolean end) {
    if (requestDone || reading == Reading.CLOSED) {
      data.release();
      return;
    }
    exchange.bodyBegun |= data.isReadable();
    if (!requestBody.data(host, data, end)) {
      fail(wrongLength());
    } else if (end) {
      endOfRequest();
    }
  }

  @Override
  public void trailers(int stream, Fields trailers) {
    if (requestDone || reading == Reading.CLOSED) {
      return;
    }
    exchange.bodyBegun = true;
    if (!requestBody.trailers(host, trailers, writer)) {
      fail(wrongLength());
    } else {
      endOfRequest();
    }
  }

  private void endOfRequest() {
    requestDone = true;
    if (reading != Reading.DONE) {
      return;
    }
    if (reusable) {
      reading = Reading.IDLE;
      host.onWritable();
    } else {
      close(LAST);
    }
  }

  private static Reset wrongLength() {
    return Reset.byDownstream(
        Reset.Reason.PROTOCOL_ERROR, "a body that is not as long as announced");
  }

  @Override
  public void reset(int stream, Reset reset) {
    close(reset);
  }

  @Override
  public void credit(int stream, int bytes) {
    // One exchange at a time: the host pauses the connection instead.
  }

  @Override
  public void goodbye() {
    reusable = false;
  }

  @Override
  public boolean isAtRest() {
    return reading == Reading.IDLE;
  }

  @Override
  public void closed() {
    reading = Reading.CLOSED;
    reusable = true; // nothing left to close
  }

  private Progress fail(Fault fault) {
    fail(Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, fault.detail));
    return Progress.NEED_INPUT;
  }

  private void fail(Reset reset) {
    if (reading != Reading.CLOSED) {
      reading = Reading.CLOSED;
      host.onReset(STREAM, reset);
      host.close(reset);
    }
  }

  private void close(Reset why) {
    if (reading != Reading.CLOSED) {
      reading = Reading.CLOSED;
      host.close(why);
    }
  }
}
