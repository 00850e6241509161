package dev.osprey.testkit;

import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.testkit.toy.ToyMuxBytes;
import java.util.List;

/** The contract of codecs over a codec that breaks it; not found by a runner, by its name. */
final class Sabotaged extends CodecContract {
  private final BrokenCodec.Sabotage sabotage;
  private final int bound;
  private final List<byte[]> malformed;

  Sabotaged(BrokenCodec.Sabotage sabotage, int bound, List<byte[]> malformed) {
    this.sabotage = sabotage;
    this.bound = bound;
    this.malformed = malformed;
  }

  @Override
  protected CodecFactory factory() {
    return new BrokenCodec(sabotage);
  }

  @Override
  protected int headBound() {
    return bound;
  }

  @Override
  protected List<byte[]> malformedRequests() {
    return malformed;
  }

  @Override
  protected List<Exchange> exchanges() {
    return List.of(
        Exchange.of(
            "body",
            ToyMuxBytes.client()
                .request(1, "/a", false)
                .data(1, "x".repeat(50), false)
                .data(1, "y".repeat(50), true)
                .toBytes(),
            ToyMuxBytes.server()
                .response(1, 200, false)
                .data(1, "ok", false)
                .credit(1, 50)
                .data(1, "", true)
                .toBytes()));
  }

  @Override
  protected Endless endlessRequest() {
    byte[] part = ToyMuxBytes.server().frame(1, 2, 1, new byte[500]).toBytes();
    return new Endless(ToyMuxBytes.client().toBytes(), part);
  }

  @Override
  protected Endless endlessResponse() {
    return new Endless(new byte[0], endlessRequest().repeated());
  }
}
