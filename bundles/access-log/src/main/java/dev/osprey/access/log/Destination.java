package dev.osprey.access.log;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessLogPlan;

/** Where lines go; each is a type of Envoy's, and an extension by its own name. */
enum Destination {
  /** A file. */
  FILE("access_log", "file.v3.FileAccessLog"),
  /** Standard output. */
  STDOUT("stdout_access_log", "stream.v3.StdoutAccessLog"),
  /** Standard error. */
  STDERR("stderr_access_log", "stream.v3.StderrAccessLog");

  private final String extension;
  private final String type;

  Destination(String extension, String message) {
    this.extension = extension;
    this.type = "type.googleapis.com/envoy.extensions.access_loggers." + message;
  }

  /** The extension's name. */
  String extension() {
    return extension;
  }

  /** The type URL of its configuration. */
  String type() {
    return type;
  }

  /** Checks the keys and reads the target for the host. */
  String target(ConfigNode node) {
    return switch (this) {
      case FILE -> node.allowOnly("@type", "path", "log_format").requiredString("path");
      case STDOUT -> stream(node, AccessLogPlan.STDOUT);
      case STDERR -> stream(node, AccessLogPlan.STDERR);
    };
  }

  private static String stream(ConfigNode node, String target) {
    node.allowOnly("@type", "log_format");
    return target;
  }
}
