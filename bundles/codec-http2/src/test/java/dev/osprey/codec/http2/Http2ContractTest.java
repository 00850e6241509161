package dev.osprey.codec.http2;

import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.testkit.CodecContract;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.Exchange;
import java.util.List;
import java.util.stream.Stream;

/** What every codec must keep, kept by this one. */
class Http2ContractTest extends CodecContract {
  @Override
  protected CodecFactory factory() {
    return new Http2Factory();
  }

  @Override
  protected ConfigNode config() {
    // Nothing random, and nothing that grows when it is read back.
    return ConfigNodes.json("{\"generate_request_id\": false, \"use_remote_address\": false}");
  }

  @Override
  protected List<Exchange> exchanges() {
    return Stream.concat(rehearsed(), more()).toList();
  }

  private static Stream<Exchange> rehearsed() {
    return Corpus.rehearsals().stream()
        .filter(piece -> !piece.name().matches("(malformed|cancelled).*"))
        .map(piece -> Exchange.of(piece.name(), piece.request(), piece.response()));
  }

  private static Stream<Exchange> more() {
    return Stream.of(
        Exchange.of(
                "events",
                FrameBytes.client()
                    .post(1, "/x", "cookie", "a=1", "cookie", "b=2")
                    .data(1, "x", true)
                    .toBytes(),
                FrameBytes.server().answer(1, 200, true, "k", "v").toBytes())
            .expectingRequest(
                "request 1 POST a /x {cookie: a=1; b=2, x-forwarded-proto: http}",
                "data 1 x",
                "end 1")
            .expectingResponse("response 1 200 length=0 {k: v}", "end 1"),
        Exchange.of(
                "trailers only",
                FrameBytes.client().get(1, "/x", "te", "trailers").toBytes(),
                FrameBytes.server().answer(1, 200, true, "grpc-status", "5").toBytes())
            .expectingRequest(
                "request 1 GET a /x length=0 {te: trailers, x-forwarded-proto: http}", "end 1")
            .expectingResponse("response 1 200 length=0 {grpc-status: 5}", "end 1"),
        Exchange.of(
                "lost", FrameBytes.client().get(1, "/").toBytes(), FrameBytes.server().toBytes())
            .thenUpstreamEnds());
  }

  @Override
  protected Endless endlessRequest() {
    return new Endless(
        FrameBytes.client()
            .frame(Frames.HEADERS, 0, 1, FrameBytes.block(":method", "GET"))
            .toBytes(),
        FrameBytes.none().frame(Frames.CONTINUATION, 0, 1, FrameBytes.block("a", "b")).toBytes());
  }

  @Override
  protected Endless endlessResponse() {
    return new Endless(
        FrameBytes.server()
            .frame(Frames.HEADERS, 0, 1, FrameBytes.block(":status", "200"))
            .toBytes(),
        FrameBytes.none().frame(Frames.CONTINUATION, 0, 1, FrameBytes.block("a", "b")).toBytes());
  }

  @Override
  protected List<byte[]> malformedRequests() {
    return Stream.of(
            FrameBytes.client().get(1, "/", "Upper", "x"),
            FrameBytes.client().data(1, "x", true),
            FrameBytes.client().head(2, true, FrameBytes.request("GET", "/")))
        .map(FrameBytes::toBytes)
        .toList();
  }

  @Override
  protected List<byte[]> malformedResponses() {
    return Stream.of(
            FrameBytes.server().answer(1, 200, false, "content-length", "x"),
            FrameBytes.server().head(1, true, "no", "status"),
            FrameBytes.none().answer(1, 200, true))
        .map(FrameBytes::toBytes)
        .toList();
  }
}
