package dev.osprey.codec.http1;

import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.testkit.CodecContract;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** What every codec must keep, kept by this one. */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
class Http1ContractTest extends CodecContract {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n";

  private static final String LENGTH = "Content-Length: 2\r\n\r\n";

  @Override
  protected CodecFactory factory() {
    return new Http1Factory();
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

  /** The corpus without what is refused and what is only long. */
  private static Stream<Exchange> rehearsed() {
    return Corpus.rehearsals().stream()
        .filter(piece -> !piece.name().matches("(bad|two|large) .*"))
        .map(piece -> Exchange.of(piece.name(), piece.request(), piece.response()));
  }

  private static Stream<Exchange> more() {
    String head = "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n";
    String ok = "HTTP/1.1 200 OK\r\n";
    String upgrade = "Connection: upgrade\r\nUpgrade: websocket\r\n\r\n";
    return Stream.of(
        Exchange.of(
            "pipelined",
            GET + "\r\n" + head + GET + "\r\n",
            ok + LENGTH + "ok" + ok + LENGTH + ok + LENGTH + "ok"),
        Exchange.of("until close", GET + "\r\n", ok + "\r\nabc").thenUpstreamEnds(),
        Exchange.of("cut short", GET + "\r\n", ok + LENGTH + "o").thenUpstreamEnds(),
        Exchange.of("lost", GET + "\r\n", "").thenUpstreamEnds(),
        Exchange.of("upgrade", GET + upgrade, "HTTP/1.1 101 Switching Protocols\r\n" + upgrade));
  }

  @Override
  protected Endless endlessRequest() {
    return new Endless(bytes(GET), bytes("A: b\r\n"));
  }

  @Override
  protected Endless endlessResponse() {
    return new Endless(bytes("HTTP/1.1 200 OK\r\n"), bytes("A: b\r\n"));
  }

  @Override
  protected List<byte[]> malformedRequests() {
    return Stream.of(GET + "A : b\r\n\r\n", GET + "Host: y\r\n\r\n", "GET / HTTP/1.1\n\n")
        .map(Http1ContractTest::bytes)
        .toList();
  }

  @Override
  protected List<byte[]> malformedResponses() {
    return Stream.of("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "garbage\r\n\r\n")
        .map(Http1ContractTest::bytes)
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
