package dev.osprey.testkit.toy;

import dev.osprey.spi.codec.CodecRehearsal;
import java.util.List;

/** The rehearsals of the toy codec. */
final class ToyMuxCorpus {
  private ToyMuxCorpus() {}

  static List<CodecRehearsal> rehearsals() {
    return List.of(
        new CodecRehearsal(
            "small",
            ToyMuxBytes.client().request(1, "/a", true, "k", "v").toBytes(),
            null,
            ToyMuxBytes.server().response(1, 200, false).data(1, "hello", true).toBytes(),
            null),
        new CodecRehearsal(
            "three streams with bodies and trailers",
            ToyMuxBytes.client()
                .request(1, "/a", false, "k", "v")
                .request(3, "/b", false, "k", "v")
                .data(1, "one", false)
                .data(3, "three", true)
                .trailers(1, "sum", "x")
                .request(5, "/c", true)
                .toBytes(),
            null,
            ToyMuxBytes.server()
                .response(3, 200, true, "k", "v")
                .response(1, 103, false, "link", "l")
                .response(1, 200, false, "k", "v")
                .credit(1, 100)
                .data(1, "ok", false)
                .trailers(1, "sum", "y")
                .response(5, 404, true)
                .toBytes(),
            null),
        new CodecRehearsal(
            "cancelled and refused",
            ToyMuxBytes.client().request(1, "/a", false).request(3, "/b", true).cancel(1).toBytes(),
            null,
            ToyMuxBytes.server().goodbye(1).toBytes(),
            null));
  }
}
