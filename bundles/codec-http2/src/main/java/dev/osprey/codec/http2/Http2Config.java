package dev.osprey.codec.http2;

import dev.osprey.spi.config.ConfigNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * The checked configuration: the codec's own, or its part of Envoy's HttpConnectionManager or
 * HttpProtocolOptions.
 *
 * @param tableSize bytes of the decoder's table
 * @param maxStreams streams a client may have open
 * @param maxUpstreamStreams streams we open on one upstream connection, if the peer takes so many
 * @param streamWindow body bytes a peer may send ahead on a stream
 * @param connectionWindow the same on a connection
 * @param maxHeadBytes of a field section, each field counted with 32 bytes more
 * @param maxFields of a field section
 * @param maxInterims interim responses before the final one
 * @param allowConnect offer clients extended CONNECT (RFC 8441), and use what upstreams offer
 * @param bounds what a peer may do beside requests
 * @param timeouts how long a peer may be silent
 * @param forwarding what the proxy says of itself
 */
record Http2Config(
    int tableSize,
    int maxStreams,
    int maxUpstreamStreams,
    int streamWindow,
    int connectionWindow,
    int maxHeadBytes,
    int maxFields,
    int maxInterims,
    boolean allowConnect,
    Bounds bounds,
    Timeouts timeouts,
    Forwarding forwarding) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final int KIB = 1024;
  private static final int MOST = 8 * KIB * KIB;
  private static final int DEFAULT_HEAD_KIB = 60;
  private static final int DEFAULT_FIELDS = 100;
  private static final int DEFAULT_INTERIMS = 16;
  private static final int DEFAULT_STREAMS = 100;
  private static final int DEFAULT_UPSTREAM_STREAMS = 1024;
  private static final int DEFAULT_STREAM_WINDOW = 256 * KIB;
  private static final int DEFAULT_CONNECTION_WINDOW = KIB * KIB;

  private static final String[] OPTIONS = {
    "allow_connect",
    "connection_keepalive",
    "hpack_table_size",
    "max_concurrent_streams",
    "initial_stream_window_size",
    "initial_connection_window_size",
    "max_outbound_frames",
    "max_outbound_control_frames",
    "max_consecutive_inbound_frames_with_empty_payload",
    "max_inbound_priority_frames_per_stream",
    "max_inbound_window_update_frames_per_data_frame_sent"
  };

  /** Reads whichever of the three documents {@code node} is; mistakes are recorded on its nodes. */
  static Http2Config from(ConfigNode node) {
    return switch (node.string("@type", Http2Factory.OWN)) {
      case Http2Factory.ENVOY_MANAGER -> ofManager(node);
      case Http2Factory.ENVOY_UPSTREAM -> ofUpstream(node);
      default -> own(node);
    };
  }

  private static Http2Config own(ConfigNode node) {
    node.allowOnly(
        concat(
            OPTIONS,
            "@type",
            "max_head_bytes",
            "max_fields",
            "max_interim_responses",
            "max_outbound_bytes",
            "stream_flush_timeout",
            "max_inbound_control_frames",
            "max_premature_resets",
            "max_continuation_frames",
            "use_remote_address",
            "xff_num_trusted_hops",
            "skip_xff_append",
            "via",
            "generate_request_id",
            "preserve_external_request_id",
            "always_set_request_id_in_response",
            "server_name",
            "server_header_transformation",
            "version_header"));
    Bounds usual = Bounds.DEFAULTS;
    return with(
        node,
        node.integer("max_head_bytes", DEFAULT_HEAD_KIB * KIB, 256, MOST),
        node.integer("max_fields", DEFAULT_FIELDS, 1, 10_000),
        node.integer("max_interim_responses", DEFAULT_INTERIMS, 0, 10_000),
        new Bounds(
            0,
            0,
            0,
            0,
            0,
            node.integer("max_outbound_bytes", usual.outboundBytes(), 65_536, Frames.MAX_WINDOW),
            node.integer("max_inbound_control_frames", usual.controlFrames(), 10, 1_000_000),
            node.integer("max_premature_resets", usual.prematureResets(), 1, 1_000_000),
            node.integer("max_continuation_frames", usual.continuations(), 0, 10_000)),
        flush(node),
        forwarding(node, node.flag("version_header", false)));
  }

  private static Http2Config ofManager(ConfigNode node) {
    int headBytes = node.integer("max_request_headers_kb", DEFAULT_HEAD_KIB, 1, MOST / KIB) * KIB;
    return ofEnvoy(
        forwarding(node, false),
        flush(node),
        headBytes,
        node.get("common_http_protocol_options"),
        node.get("http2_protocol_options"),
        node);
  }

  private static Http2Config ofUpstream(ConfigNode node) {
    Optional<ConfigNode> chosen =
        node.get("explicit_http_config")
            .or(() -> node.get("use_downstream_protocol_config"))
            .or(() -> node.get("auto_config"));
    return ofEnvoy(
        Forwarding.DEFAULTS,
        Timeouts.DEFAULTS.flush(),
        DEFAULT_HEAD_KIB * KIB,
        node.get("common_http_protocol_options"),
        chosen.flatMap(options -> options.get("http2_protocol_options")),
        node);
  }

  private static Http2Config ofEnvoy(
      Forwarding forwarding,
      Duration flush,
      int headBytes,
      Optional<ConfigNode> common,
      Optional<ConfigNode> http2,
      ConfigNode otherwise) {
    int fields =
        common
            .map(node -> node.integer("max_headers_count", DEFAULT_FIELDS, 1, 10_000))
            .orElse(DEFAULT_FIELDS);
    http2.ifPresent(node -> node.allowOnly(OPTIONS));
    return with(
        http2.orElse(otherwise),
        headBytes,
        fields,
        DEFAULT_INTERIMS,
        Bounds.DEFAULTS,
        flush,
        forwarding);
  }

  private static Http2Config with(
      ConfigNode node,
      int headBytes,
      int fields,
      int interims,
      Bounds own,
      Duration flush,
      Forwarding forwarding) {
    int streams = node.integer("max_concurrent_streams", 0, 1, Integer.MAX_VALUE);
    int window = Frames.FIRST_WINDOW;
    return new Http2Config(
        node.integer("hpack_table_size", DecoderTable.FIRST_CAPACITY, 0, MOST),
        streams == 0 ? DEFAULT_STREAMS : streams,
        streams == 0 ? DEFAULT_UPSTREAM_STREAMS : streams,
        node.integer(
            "initial_stream_window_size", DEFAULT_STREAM_WINDOW, window, Frames.MAX_WINDOW),
        node.integer(
            "initial_connection_window_size", DEFAULT_CONNECTION_WINDOW, window, Frames.MAX_WINDOW),
        headBytes,
        fields,
        interims,
        node.flag("allow_connect", false),
        bounds(node, own),
        timeouts(node, flush),
        forwarding);
  }

  private static Timeouts timeouts(ConfigNode node, Duration flush) {
    Optional<ConfigNode> keepAlive = node.get("connection_keepalive");
    keepAlive.ifPresent(it -> it.allowOnly("interval", "timeout"));
    return keepAlive
        .map(it -> new Timeouts(atLeast(it, "interval"), atLeast(it, "timeout"), flush))
        .orElse(new Timeouts(Duration.ZERO, Duration.ZERO, flush));
  }

  private static Duration atLeast(ConfigNode node, String key) {
    var _ = node.required(key);
    Duration given = node.duration(key, SHORTEST);
    if (given.compareTo(SHORTEST) < 0) {
      node.get(key).ifPresent(it -> it.problem("a duration of at least \"0.1s\""));
    }
    return given;
  }

  private static Duration flush(ConfigNode node) {
    return node.duration("stream_flush_timeout", Timeouts.DEFAULTS.flush());
  }

  private static Bounds bounds(ConfigNode node, Bounds own) {
    Bounds usual = Bounds.DEFAULTS;
    int most = 1_000_000;
    return new Bounds(
        node.integer(
            "max_consecutive_inbound_frames_with_empty_payload", usual.emptyFrames(), 0, most),
        node.integer(
            "max_inbound_priority_frames_per_stream", usual.prioritiesPerStream(), 0, most),
        node.integer(
            "max_inbound_window_update_frames_per_data_frame_sent",
            usual.windowUpdatesPerData(),
            1,
            most),
        node.integer("max_outbound_frames", usual.outboundFrames(), 1, most),
        node.integer("max_outbound_control_frames", usual.outboundControlFrames(), 1, most),
        own.outboundBytes(),
        own.controlFrames(),
        own.prematureResets(),
        own.continuations());
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

  private static String fieldValue(ConfigNode node, String key) {
    String text = node.string(key, "");
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (!FieldRules.isValue(bytes, 0, bytes.length)) {
      node.get(key).ifPresent(child -> child.problem("text without control characters"));
    }
    return text;
  }

  private static String[] concat(String[] first, String... more) {
    String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
