package dev.osprey.testkit.toy;

import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.testkit.CodecContract;
import dev.osprey.testkit.Exchange;
import java.util.List;

/** ToyMux keeps the contract of codecs. */
class ToyMuxContractTest extends CodecContract {
  @Override
  protected CodecFactory factory() {
    return new ToyMuxFactory();
  }

  @Override
  protected List<Exchange> exchanges() {
    return ToyMuxExchanges.all();
  }

  @Override
  protected Endless endlessRequest() {
    return new Endless(ToyMuxBytes.client().toBytes(), ToyMuxExchanges.partOfHead());
  }

  @Override
  protected Endless endlessResponse() {
    return new Endless(new byte[0], ToyMuxExchanges.partOfHead());
  }

  @Override
  protected List<byte[]> malformedRequests() {
    byte[] nothing = {};
    return List.of(
        "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        ToyMuxBytes.client().frame(99, 0, 1, nothing).toBytes(),
        ToyMuxBytes.client().frame(Wire.HEAD, Wire.END, 2, nothing).toBytes(),
        ToyMuxBytes.client().frame(Wire.HEAD, Wire.END, 1, nothing).toBytes(),
        ToyMuxBytes.client().frame(Wire.HEAD, Wire.END, 1, new byte[] {1, 9}).toBytes(),
        ToyMuxBytes.client().data(1, "x", true).toBytes(),
        ToyMuxBytes.client().request(3, "/", true).request(1, "/", true).toBytes(),
        ToyMuxBytes.client().request(1, "/", false).credit(1, 0).toBytes());
  }

  @Override
  protected List<byte[]> malformedResponses() {
    return List.of(
        ToyMuxBytes.server().response(1, 42, true).toBytes(),
        ToyMuxBytes.server().data(1, "body first", true).toBytes(),
        ToyMuxBytes.server().response(99, 200, true).toBytes());
  }
}
