package dev.osprey.codec.http1;

import dev.osprey.http.common.Chars;
import dev.osprey.http.common.EnvoyOptions;
import dev.osprey.http.common.Forwarding;
import dev.osprey.spi.config.ConfigNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The checked configuration: the codec's own, or its part of Envoy's HttpConnectionManager or
 * HttpProtocolOptions.
 *
 * @param limits bounds
 * @param forwarding what the proxy says of itself
 * @param acceptHttp10 serve HTTP/1.0 clients
 * @param defaultHost the authority of an HTTP/1.0 request without Host; empty for none
 * @param enableTrailers forward trailers; otherwise they are read and dropped
 * @param allowChunkedLength of Content-Length and Transfer-Encoding together let the latter win
 */
record Http1Config(
    Limits limits,
    Forwarding forwarding,
    boolean acceptHttp10,
    String defaultHost,
    boolean enableTrailers,
    boolean allowChunkedLength) {
  /** What holds when nothing is configured. */
  static final Http1Config DEFAULTS =
      new Http1Config(Limits.DEFAULTS, Forwarding.DEFAULTS, true, "", true, false);

  private static final int MOST = 8 * 1024 * 1024;

  private static final String[] OWN_KEYS = {
    "@type",
    "max_head_bytes",
    "max_fields",
    "max_target_bytes",
    "max_trailer_bytes",
    "max_chunk_extension_bytes",
    "max_chunk_extension_bytes_total",
    "max_interim_responses",
    "accept_http_10",
    "default_host_for_http_10",
    "enable_trailers",
    "allow_chunked_length"
  };

  /** Reads whichever of the three documents {@code node} is; mistakes are recorded on its nodes. */
  static Http1Config from(ConfigNode node) {
    return switch (node.string("@type", Http1Factory.OWN)) {
      case EnvoyOptions.MANAGER -> ofManager(node);
      case EnvoyOptions.UPSTREAM -> ofUpstream(node);
      default -> own(node);
    };
  }

  private static Http1Config own(ConfigNode node) {
    node.allowOnly(Forwarding.keysAnd(OWN_KEYS));
    return new Http1Config(
        ownLimits(node),
        Forwarding.own(node),
        node.flag("accept_http_10", true),
        host(node),
        node.flag("enable_trailers", true),
        node.flag("allow_chunked_length", false));
  }

  private static Limits ownLimits(ConfigNode node) {
    Limits usual = Limits.DEFAULTS;
    int extension = usual.maxChunkExtensionBytes();
    int extensions = usual.maxChunkExtensionBytesTotal();
    return new Limits(
        node.integer("max_head_bytes", usual.maxHeadBytes(), 256, MOST),
        node.integer("max_fields", usual.maxFields(), 1, EnvoyOptions.MOST_FIELDS),
        node.integer("max_target_bytes", usual.maxTargetBytes(), 64, MOST),
        node.integer("max_trailer_bytes", usual.maxTrailerBytes(), 64, MOST),
        node.integer("max_chunk_extension_bytes", extension, 0, MOST),
        node.integer("max_chunk_extension_bytes_total", extensions, 0, Integer.MAX_VALUE),
        node.integer("max_interim_responses", usual.maxInterimResponses(), 0, 10_000));
  }

  private static Http1Config ofManager(ConfigNode node) {
    return withOptions(
        limits(node, EnvoyOptions.headBytes(node)),
        Forwarding.ofManager(node),
        node.get("http_protocol_options"));
  }

  private static Http1Config ofUpstream(ConfigNode node) {
    return withOptions(
        limits(node, EnvoyOptions.DEFAULT_HEAD_BYTES),
        Forwarding.DEFAULTS,
        EnvoyOptions.ofUpstream(node, "http_protocol_options"));
  }

  private static Limits limits(ConfigNode node, int headBytes) {
    Limits usual = Limits.DEFAULTS;
    return new Limits(
        headBytes,
        EnvoyOptions.maxFields(node),
        Math.min(headBytes, usual.maxTargetBytes()),
        usual.maxTrailerBytes(),
        usual.maxChunkExtensionBytes(),
        usual.maxChunkExtensionBytesTotal(),
        usual.maxInterimResponses());
  }

  private static Http1Config withOptions(
      Limits limits, Forwarding forwarding, Optional<ConfigNode> http1) {
    return http1
        .map(node -> withHttp1(limits, forwarding, node))
        .orElseGet(() -> new Http1Config(limits, forwarding, true, "", true, false));
  }

  private static Http1Config withHttp1(Limits limits, Forwarding forwarding, ConfigNode node) {
    node.allowOnly(
        "accept_http_10", "default_host_for_http_10", "enable_trailers", "allow_chunked_length");
    return new Http1Config(
        limits,
        forwarding,
        node.flag("accept_http_10", true),
        host(node),
        node.flag("enable_trailers", true),
        node.flag("allow_chunked_length", false));
  }

  private static String host(ConfigNode node) {
    String text = node.string("default_host_for_http_10", "");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!Chars.areAuthority(bytes, 0, bytes.length)) {
      node.get("default_host_for_http_10").ifPresent(child -> child.problem("a host"));
    }
    return text;
  }
}
