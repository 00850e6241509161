package dev.osprey.spi.config;

/**
 * One mistake in a configuration.
 *
 * @param position where
 * @param path the node's path, for example {@code static_resources.listeners[0].name}
 * @param message expected, found, and the nearest valid name
 */
public record Problem(Position position, String path, String message) {
  @Override
  public String toString() {
    return position + (path.isEmpty() ? "" : " " + path) + ": " + message;
  }
}
