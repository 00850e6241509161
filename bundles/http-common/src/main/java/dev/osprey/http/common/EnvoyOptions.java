package dev.osprey.http.common;

import dev.osprey.spi.config.ConfigNode;
import java.util.Optional;

/**
 * Envoy's documents of which each codec of HTTP reads its part, and what all of them read alike.
 * Mistakes are recorded on the nodes.
 */
public final class EnvoyOptions {
  /** Envoy's connection manager: options for its clients. */
  public static final String MANAGER =
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
          + ".HttpConnectionManager";

  /** Envoy's options of an upstream. */
  public static final String UPSTREAM =
      "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

  /** Bytes of a head that are taken when nothing is configured, as in Envoy. */
  public static final int DEFAULT_HEAD_BYTES = 60 * 1024;

  /** Fields of a head that are taken when nothing is configured, as in Envoy. */
  public static final int DEFAULT_FIELDS = 100;

  /** The most fields that may be configured. */
  public static final int MOST_FIELDS = 10_000;

  private static final int KIB = 1024;
  private static final int MOST_KIB = 8 * KIB;

  private EnvoyOptions() {}

  /** Bytes of a head that a connection manager takes. */
  public static int headBytes(ConfigNode manager) {
    return manager.integer("max_request_headers_kb", DEFAULT_HEAD_BYTES / KIB, 1, MOST_KIB) * KIB;
  }

  /** Fields of a head that a connection manager, or the options of an upstream, take. */
  public static int maxFields(ConfigNode document) {
    return document
        .get("common_http_protocol_options")
        .map(common -> common.integer("max_headers_count", DEFAULT_FIELDS, 1, MOST_FIELDS))
        .orElse(DEFAULT_FIELDS);
  }

  /**
   * Options of one protocol among those of an upstream, however the protocol is chosen.
   *
   * @param key {@code http2_protocol_options} for instance
   */
  public static Optional<ConfigNode> ofUpstream(ConfigNode upstream, String key) {
    return upstream
        .get("explicit_http_config")
        .or(() -> upstream.get("use_downstream_protocol_config"))
        .or(() -> upstream.get("auto_config"))
        .flatMap(chosen -> chosen.get(key));
  }
}
