package dev.osprey.spi.config;

/**
 * A place in a document.
 *
 * @param source file name or resource name
 * @param line from 1; 0 when there is none
 * @param column from 1; 0 when there is none
 */
public record Position(String source, int line, int column) {
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
