package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Chars;
import dev.osprey.http.common.ForwardedFields;
import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Head;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1 facing a client: one exchange at a time, in the order of the requests. A request is read
 * while its response is written; the next one waits until both are complete.
 */
final class Http1ServerCodec implements ServerCodec {
  private static final int FEW_FIELDS = 8;

  static final String FORMAT = "http1.server";
  static final int VERSION = 1;

  private static final int STREAM = 1;

  /** An upload of which no more than this is missing when its response is complete is read on. */
  private static final long SMALL_REST = 65_536;

  private static final byte[] NO_LINE = {};
  private static final byte[] CLOSE = Bytes.of("connection: close\r\n");
  private static final byte[] KEEP_ALIVE = Bytes.of("connection: keep-alive\r\n");
  private static final byte[] UPGRADE = Bytes.of("connection: upgrade\r\n");
  private static final Reset LAST =
      Reset.byHost(Reset.Reason.DRAINING, "the last response of the connection is complete");
  private static final byte[] BAD_GATEWAY =
      Bytes.of("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");

  /** Where the reading side stands. Ordinals are part of the state record: append only. */
  private enum Reading {
    HEAD,
    BODY,
    DONE,
    REFUSED,
    CLOSED
  }

  /** Where the writing side stands. Ordinals are part of the state record: append only. */
  private enum Writing {
    HEAD,
    BODY,
    DONE
  }

  private final Http1Config config;
  private final ServerCodecHost host;
  private final HeadScanner scanner;
  private final HeadLoader loader;
  private final HeadWriter writer;
  private final BodyReader requestBody;
  private final BodyWriter responseBody = new BodyWriter();
  private final ServerExchange exchange = new ServerExchange();
  // Room for its bytes is made once their number is known.
  private final RequestHead head = new RequestHead(new Fields(0, FEW_FIELDS));
  private final ForwardedFields lines;

  private Reading reading = Reading.HEAD;
  private Writing writing = Writing.HEAD;
  private boolean inputEnded;
  private boolean goodbye;

  Http1ServerCodec(Http1Plan plan, ServerCodecHost host) {
    this.config = plan.config();
    this.host = host;
    this.scanner = new HeadScanner(config.limits());
    this.loader = new HeadLoader(plan.provenance(), config.limits().maxHeadBytes());
    this.writer = new HeadWriter(plan.provenance(), plan.responseExtras());
    this.requestBody = new BodyReader(config, plan.provenance(), scanner);
    this.lines = new ForwardedFields(plan.forwarded(), host);
  }

  /** Goes on where {@link #detach} left off. */
  void restore(StateRecord record) {
    StateReader state = new StateReader(record);
    reading = state.choice(Reading.values());
    writing = state.choice(Writing.values());
    inputEnded = state.flag();
    goodbye = state.flag();
    exchange.restore(state);
    requestBody.restore(state);
    responseBody.restore(state);
  }

  @Override
  public StateRecord detach() {
    StateWriter state = new StateWriter();
    state.choice(reading).choice(writing).flag(inputEnded).flag(goodbye);
    exchange.save(state);
    requestBody.save(state);
    responseBody.save(state);
    return state.toRecord(FORMAT, VERSION);
  }

  @Override
  public Progress decode(ByteBuf in) {
    return switch (reading) {
      case HEAD -> readHead(in);
      case BODY -> readBody(in);
      case DONE, REFUSED -> Progress.WAIT;
      case CLOSED -> {
        in.skipBytes(in.readableBytes());
        yield Progress.NEED_INPUT;
      }
    };
  }

  private Progress readHead(ByteBuf in) {
    int length = skipEmptyLines(in) ? scan(in) : HeadScanner.INCOMPLETE;
    if (length == HeadScanner.INCOMPLETE) {
      if (inputEnded) {
        close(Reset.byDownstream(Reset.Reason.CONNECTION_LOST, "the client closed"));
      }
      return Progress.NEED_INPUT;
    }
    if (length == HeadScanner.BAD) {
      return refuse(scanner.fault(), null);
    }
    in.skipBytes(length);
    return begin(length);
  }

  private Progress begin(int length) {
    head.scheme(host.isSecure() ? "https" : "http");
    Fault fault = exchange.begin(head, scanner, config, requestBody);
    if (length > config.limits().maxHeadBytes()) {
      fault = Fault.HEAD_TOO_LARGE;
    }
    if (fault != null) {
      return refuse(fault, head);
    }
    addLines();
    boolean end = requestBody.isDone();
    reading = end ? Reading.DONE : Reading.BODY;
    writing = Writing.HEAD;
    host.onRequest(STREAM, head, end);
    return Progress.AGAIN;
  }

  private void addLines() {
    HeadFacts facts = scanner.facts;
    lines.addTo(
        head.fields(),
        loader.loaded(),
        facts.saw(Tags.FORWARDED_FOR),
        facts.saw(Tags.FORWARDED_PROTO),
        facts.saw(Tags.REQUEST_ID));
    if (config.forwarding().requestIdInResponse()) {
      String id = lines.requestIdOf(head.fields());
      exchange.requestIdLine = id == null ? NO_LINE : Bytes.of("x-request-id: " + id + "\r\n");
    }
  }

  private int scan(ByteBuf in) {
    head.clear();
    while (true) {
      int limit = loader.load(in, head.fields(), lines.length());
      if (limit == 0) {
        return loader.isOver(in) ? scanner.tooLarge(in) : HeadScanner.INCOMPLETE;
      }
      int length = scanner.request(head, limit);
      if (length != HeadScanner.INCOMPLETE || loader.isWhole()) {
        loader.reset();
        return length == HeadScanner.INCOMPLETE ? HeadScanner.BAD : length;
      }
    }
  }

  /** Skips empty lines before a request line; false when nothing to scan is left. */
  private static boolean skipEmptyLines(ByteBuf in) {
    while (in.isReadable() && in.getByte(in.readerIndex()) == Chars.CR) {
      if (in.readableBytes() == 1) {
        return false;
      }
      if (in.getByte(in.readerIndex() + 1) != Chars.LF) {
        return true;
      }
      in.skipBytes(2);
    }
    return in.isReadable();
  }

  private Progress refuse(Fault fault, @Nullable RequestHead read) {
    if (read == null) {
      exchange.beginRefused();
      writing = Writing.HEAD;
    }
    exchange.persistent = false;
    reading = Reading.REFUSED;
    host.onBadRequest(STREAM, read, fault.reply());
    return Progress.AGAIN;
  }

  private Progress readBody(ByteBuf in) {
    BodyReader.Found found = requestBody.read(in);
    if (requestBody.isDone()) {
      endOfRequest();
    }
    switch (found) {
      case NOTHING -> {
        return Progress.NEED_INPUT;
      }
      case DATA -> host.onData(STREAM, requestBody.takeData(), requestBody.isDone());
      case END -> host.onData(STREAM, Unpooled.EMPTY_BUFFER, true);
      case TRAILERS -> host.onTrailers(STREAM, requestBody.trailers());
      case FAULT -> {
        return refuseBody();
      }
    }
    return Progress.AGAIN;
  }

  private Progress refuseBody() {
    if (writing == Writing.DONE) {
      close(Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, requestBody.fault().detail));
      return Progress.NEED_INPUT;
    }
    return refuse(requestBody.fault(), head);
  }

  /** The request has been read; its end is about to be reported. */
  private void endOfRequest() {
    reading = writing == Writing.DONE ? Reading.HEAD : Reading.DONE;
    writing = writing == Writing.DONE ? Writing.HEAD : writing;
  }

  @Override
  public void endOfInput(ByteBuf in) {
    inputEnded = true;
    switch (reading) {
      case HEAD -> close(Reset.byDownstream(Reset.Reason.CONNECTION_LOST, "the client closed"));
      case BODY -> {
        Reset cut = Reset.byDownstream(Reset.Reason.TRUNCATED, "the client closed in a body");
        boolean open = writing != Writing.DONE;
        reading = Reading.CLOSED;
        if (open) {
          host.onReset(STREAM, cut);
        }
        host.close(cut);
      }
      case DONE, REFUSED -> exchange.persistent &= in.isReadable();
      case CLOSED -> {}
    }
  }

  @Override
  public void respond(int stream, ResponseHead response, boolean end) {
    if (reading == Reading.CLOSED || writing != Writing.HEAD) {
      return;
    }
    if (response.opensTunnel()) {
      openTunnel(response);
    } else if (response.isInterim()) {
      interim(response);
    } else {
      finalHead(response, end);
    }
  }

  private void interim(ResponseHead response) {
    if (exchange.http10 || response.status() == 101) {
      return;
    }
    if (writer.response(
            host.out(), response, BodyWriter.Framing.NONE, Head.UNKNOWN_LENGTH, NO_LINE, NO_LINE)
        && response.status() == 100) {
      exchange.awaitsContinue = false;
    }
  }

  private void openTunnel(ResponseHead response) {
    if (!exchange.upgrade
        || reading != Reading.DONE
        || !writer.response(
            host.out(), response, BodyWriter.Framing.NONE, Head.UNKNOWN_LENGTH, UPGRADE, NO_LINE)) {
      badGateway();
      return;
    }
    reading = Reading.CLOSED;
    host.becomeTunnel(STREAM);
  }

  private void finalHead(ResponseHead response, boolean end) {
    if (reading == Reading.HEAD) {
      exchange.beginRefused(); // an answer to a request that did not come in time
    }
    // Nobody waits any longer for a body that is too late (RFC 9110, 15.5.9).
    boolean uploading =
        reading == Reading.BODY
            && (response.status() == 408 || !requestBody.isAlmostDone(SMALL_REST));
    exchange.persistent &=
        !goodbye && !(uploading && (response.status() >= 400 || exchange.awaitsContinue));
    boolean bodyless = exchange.headOnly || response.status() == 204 || response.status() == 304;
    BodyWriter.Framing framing = bodyless ? BodyWriter.Framing.NONE : framing(response, end);
    long length =
        response.status() == 204 ? Head.UNKNOWN_LENGTH : lengthToSay(response, end, bodyless);
    if (!writer.response(
        host.out(), response, framing, length, connectionLine(response), exchange.requestIdLine)) {
      badGateway();
      return;
    }
    responseBody.begin(framing, Math.max(0, length));
    writing = Writing.BODY;
    if (end) {
      endOfResponse();
    }
  }

  private BodyWriter.Framing framing(ResponseHead response, boolean end) {
    if (end || response.bodyLength() >= 0) {
      return BodyWriter.Framing.LENGTH;
    }
    if (exchange.http10) {
      exchange.persistent = false;
      return BodyWriter.Framing.UNTIL_CLOSE;
    }
    return BodyWriter.Framing.CHUNKED;
  }

  private static long lengthToSay(ResponseHead response, boolean end, boolean bodyless) {
    return end && !bodyless ? 0 : response.bodyLength();
  }

  private byte[] connectionLine(ResponseHead response) {
    if (!exchange.persistent) {
      return CLOSE;
    }
    return exchange.http10 ? KEEP_ALIVE : response.status() == 426 ? UPGRADE : NO_LINE;
  }

  /** Answers in place of a head that cannot be forwarded. */
  private void badGateway() {
    host.out().writeBytes(BAD_GATEWAY);
    close(Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, "a response head that is not valid"));
  }

  /** Answers 408 (RFC 9110, 15.5.9) and ends the connection. */
  @Override
  public void requestTimedOut() {
    if (reading == Reading.HEAD) {
      var _ = refuse(Fault.HEAD_TOO_LATE, null);
    }
  }

  @Override
  public void data(int stream, ByteBuf data, boolean end) {
    if (reading == Reading.CLOSED || writing != Writing.BODY) {
      data.release();
    } else if (!responseBody.data(host, data, end)) {
      close(
          Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, "a body that is not as long as announced"));
    } else if (end) {
      endOfResponse();
    }
  }

  @Override
  public void trailers(int stream, Fields trailers) {
    if (reading == Reading.CLOSED || writing != Writing.BODY) {
      return;
    }
    if (!responseBody.trailers(host, trailers, writer)) {
      close(Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, "a body that is shorter than announced"));
      return;
    }
    endOfResponse();
  }

  private void endOfResponse() {
    writing = Writing.DONE;
    if (!exchange.persistent) {
      closeAfterLast();
    } else if (reading == Reading.DONE) {
      reading = Reading.HEAD;
      writing = Writing.HEAD;
    } else if (!requestBody.isAlmostDone(SMALL_REST)) {
      close(Reset.byHost(Reset.Reason.CANCELLED, "answered before the request was complete"));
    }
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
    goodbye = true;
  }

  @Override
  public boolean isAtRest() {
    return reading == Reading.HEAD;
  }

  @Override
  public void closed() {
    reading = Reading.CLOSED;
  }

  private void closeAfterLast() {
    boolean clientIsDone = exchange.last && reading == Reading.DONE;
    if (clientIsDone) {
      reading = Reading.CLOSED;
      host.closeWithoutWaiting(LAST);
    } else {
      close(LAST);
    }
  }

  private void close(Reset why) {
    if (reading != Reading.CLOSED) {
      reading = Reading.CLOSED;
      host.close(why);
    }
  }
}
