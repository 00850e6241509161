package dev.osprey.codec.http1;

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

  private static final int KIB = 1024;
  private static final int MOST = 8 * KIB * KIB;

  /** Reads whichever of the three documents {@code node} is; mistakes are recorded on its nodes. */
  static Http1Config from(ConfigNode node) {
    return switch (node.string("@type", Http1Factory.OWN)) {
      case Http1Factory.ENVOY_MANAGER -> ofManager(node);
      case Http1Factory.ENVOY_UPSTREAM -> ofUpstream(node);
      default -> own(node);
    };
  }

  private static Http1Config own(ConfigNode node) {
    node.allowOnly(
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
        "allow_chunked_length",
        "use_remote_address",
        "xff_num_trusted_hops",
        "skip_xff_append",
        "via",
        "generate_request_id",
        "preserve_external_request_id",
        "always_set_request_id_in_response",
        "server_name",
        "server_header_transformation",
        "version_header");
    return new Http1Config(
        ownLimits(node),
        forwarding(node, node.flag("version_header", false)),
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
        node.integer("max_fields", usual.maxFields(), 1, 10_000),
        node.integer("max_target_bytes", usual.maxTargetBytes(), 64, MOST),
        node.integer("max_trailer_bytes", usual.maxTrailerBytes(), 64, MOST),
        node.integer("max_chunk_extension_bytes", extension, 0, MOST),
        node.integer("max_chunk_extension_bytes_total", extensions, 0, Integer.MAX_VALUE),
        node.integer("max_interim_responses", usual.maxInterimResponses(), 0, 10_000));
  }

  private static Http1Config ofManager(ConfigNode node) {
    int headBytes =
        node.integer("max_request_headers_kb", Limits.DEFAULTS.maxHeadBytes() / KIB, 1, MOST / KIB)
            * KIB;
    return withOptions(
        forwarding(node, false),
        headBytes,
        node.get("common_http_protocol_options"),
        node.get("http_protocol_options"));
  }

  private static Http1Config ofUpstream(ConfigNode node) {
    Optional<ConfigNode> chosen =
        node.get("explicit_http_config")
            .or(() -> node.get("use_downstream_protocol_config"))
            .or(() -> node.get("auto_config"));
    return withOptions(
        Forwarding.DEFAULTS,
        Limits.DEFAULTS.maxHeadBytes(),
        node.get("common_http_protocol_options"),
        chosen.flatMap(options -> options.get("http_protocol_options")));
  }

  private static Http1Config withOptions(
      Forwarding forwarding,
      int headBytes,
      Optional<ConfigNode> common,
      Optional<ConfigNode> http1) {
    Limits usual = Limits.DEFAULTS;
    int fields =
        common
            .map(node -> node.integer("max_headers_count", usual.maxFields(), 1, 10_000))
            .orElse(usual.maxFields());
    Limits limits =
        new Limits(
            headBytes,
            fields,
            Math.min(headBytes, usual.maxTargetBytes()),
            usual.maxTrailerBytes(),
            usual.maxChunkExtensionBytes(),
            usual.maxChunkExtensionBytesTotal(),
            usual.maxInterimResponses());
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

  private static Forwarding forwarding(ConfigNode node, boolean versionHeader) {
    Forwarding usual = Forwarding.DEFAULTS;
    return new Forwarding(
        node.flag("use_remote_address", usual.useRemoteAddress()),
        node.integer("xff_num_trusted_hops", usual.trustedHops(), 0, 100),
        node.flag("skip_xff_append", usual.skipAppend()),
        fieldValue(node, "via"),
        node.flag("generate_request_id", usual.generateRequestId()),
        node.flag("preserve_external_request_id", usual.preserveRequestId()),
        node.flag("always_set_request_id_in_response", usual.requestIdInResponse()),
        fieldValue(node, "server_name"),
        node.oneOf(
            "server_header_transformation", Forwarding.ServerHeader.class, usual.serverHeader()),
        versionHeader);
  }

  private static String host(ConfigNode node) {
    String text = node.string("default_host_for_http_10", "");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!Chars.areAuthority(bytes, 0, bytes.length)) {
      node.get("default_host_for_http_10").ifPresent(child -> child.problem("a host"));
    }
    return text;
  }

  private static String fieldValue(ConfigNode node, String key) {
    String text = node.string(key, "");
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (!Chars.areValue(bytes, 0, bytes.length)) {
      node.get(key).ifPresent(child -> child.problem("text without control characters"));
    }
    return text;
  }
}
