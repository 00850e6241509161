package dev.osprey.codec.http1;

import dev.osprey.spi.codec.CodecRehearsal;
import java.util.List;

/** The exchanges that rehearse the codec before it goes live. */
final class Corpus {
  private Corpus() {}

  static List<CodecRehearsal> rehearsals() {
    return List.of(
        new CodecRehearsal(
            "get",
            Bytes.of("GET / HTTP/1.1\r\nhost: a\r\n\r\n"),
            null,
            Bytes.of("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),
            null));
  }
}
