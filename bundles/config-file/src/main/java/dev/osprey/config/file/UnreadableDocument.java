package dev.osprey.config.file;

import dev.osprey.spi.config.Position;

/** A document that breaks one of our bounds or rules so that reading cannot go on. */
final class UnreadableDocument extends RuntimeException {
  private final Position position;
  private final String text;

  UnreadableDocument(Position position, String text) {
    super(text, null, false, false);
    this.position = position;
    this.text = text;
  }

  Position position() {
    return position;
  }

  String text() {
    return text;
  }
}
