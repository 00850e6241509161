package dev.osprey.config.file;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Problem;
import dev.osprey.spi.source.ConfigDocument;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Documents read from text. */
final class Texts {
  private Texts() {}

  static ConfigNode read(String text) {
    return document(text.getBytes(StandardCharsets.UTF_8)).root();
  }

  static ConfigDocument document(byte[] bytes) {
    return ConfigText.document(FileContent.of(bytes), "test.yaml");
  }

  static List<String> problems(String text) {
    return read(text).problems().all().stream().map(Problem::toString).toList();
  }
}
