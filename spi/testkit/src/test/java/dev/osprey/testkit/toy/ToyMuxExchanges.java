package dev.osprey.testkit.toy;

import dev.osprey.testkit.Exchange;
import java.util.List;

/** The corpus of the toy codec's tests. */
final class ToyMuxExchanges {
  private ToyMuxExchanges() {}

  static List<Exchange> all() {
    return List.of(small(), many(), cancelled(), creditRunsOut(), goodbye());
  }

  static Exchange small() {
    return Exchange.of(
            "small",
            ToyMuxBytes.client().request(1, "/", true).toBytes(),
            ToyMuxBytes.server().response(1, 204, true).toBytes())
        .expectingRequest("request 1 CALL toy / length=0", "end 1")
        .expectingResponse("response 1 204 length=0", "end 1");
  }

  private static Exchange many() {
    return Exchange.of(
            "many",
            ToyMuxBytes.client()
                .request(1, "/a", false, "k", "v")
                .request(3, "/b", false, "k", "v", "k", "w")
                .data(1, "on", false)
                .data(3, "three", true)
                .data(1, "e", false)
                .trailers(1, "sum", "x")
                .request(5, "/b", true, "k", "w")
                .toBytes(),
            ToyMuxBytes.server()
                .response(3, 200, true, "k", "v")
                .response(1, 103, false, "link", "l")
                .response(1, 200, false, "k", "v")
                .data(1, "ok", false)
                .trailers(1, "sum", "y")
                .response(5, 404, false)
                .data(5, "", true)
                .toBytes())
        .expectingRequest(
            "request 1 CALL toy /a {k: v}",
            "data 1 one",
            "trailers 1 {sum: x}",
            "end 1",
            "request 3 CALL toy /b {k: v, k: w}",
            "data 3 three",
            "end 3",
            "request 5 CALL toy /b length=0 {k: w}",
            "end 5")
        .expectingResponse(
            "response 3 200 length=0 {k: v}",
            "end 3",
            "response 1 103 {link: l}",
            "response 1 200 {k: v}",
            "data 1 ok",
            "trailers 1 {sum: y}",
            "end 1",
            "response 5 404",
            "end 5");
  }

  private static Exchange cancelled() {
    return Exchange.of(
        "cancelled",
        ToyMuxBytes.client()
            .request(1, "/a", false)
            .data(1, "never mind", false)
            .request(3, "/b", true, "k", "v")
            .cancel(1)
            .toBytes(),
        ToyMuxBytes.server().response(3, 200, false, "k", "v").data(3, "b", true).toBytes());
  }

  /** The upstream takes the body in two helpings: the rest waits in the codec, across swaps. */
  private static Exchange creditRunsOut() {
    String chunk = "0123456789".repeat(5);
    ToyMuxBytes client = ToyMuxBytes.client().request(1, "/big", false);
    for (int i = 0; i < 2; i++) {
      client.data(1, chunk, false);
    }
    return Exchange.of(
        "credit runs out",
        client.trailers(1, "sum", "100").toBytes(),
        ToyMuxBytes.server()
            .credit(1, 20)
            .response(1, 200, false)
            .credit(1, 80)
            .data(1, "thanks", true)
            .toBytes());
  }

  private static Exchange goodbye() {
    return Exchange.of(
        "goodbye",
        ToyMuxBytes.client().request(1, "/a", true).request(3, "/late", true).toBytes(),
        ToyMuxBytes.server().goodbye(1).response(1, 200, true).toBytes());
  }

  /** A part of a head that says that more will come. */
  static byte[] partOfHead() {
    return ToyMuxBytes.server().frame(Wire.HEAD, Wire.MORE, 1, new byte[1_000]).toBytes();
  }
}
