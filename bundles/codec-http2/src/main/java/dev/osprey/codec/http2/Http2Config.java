package dev.osprey.codec.http2;

import dev.osprey.http.common.EnvoyOptions;
import dev.osprey.http.common.Forwarding;
import dev.osprey.spi.config.ConfigNode;
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
  private static final int DEFAULT_INTERIMS = 16;
  private static final int DEFAULT_STREAMS = 100;
  private static final int DEFAULT_UPSTREAM_STREAMS = 1024;
  private static final int DEFAULT_STREAM_WINDOW = 256 * KIB;
  private static final int DEFAULT_CONNECTION_WINDOW = KIB * KIB;

  private static final String[] OWN_KEYS = {
    "@type",
    "max_head_bytes",
    "max_fields",
    "max_interim_responses",
    "max_outbound_bytes",
    "stream_flush_timeout",
    "max_inbound_control_frames",
    "max_premature_resets",
    "max_continuation_frames",
    "max_head_expansion",
    "max_waiting_data_pieces",
    "max_open_head_bytes",
    "field_block_timeout"
  };

  /** Keys of Envoy's options of HTTP/2, which are keys of the own configuration too. */
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
      case EnvoyOptions.MANAGER -> ofManager(node);
      case EnvoyOptions.UPSTREAM -> ofUpstream(node);
      default -> own(node);
    };
  }

  private static Http2Config own(ConfigNode node) {
    node.allowOnly(Forwarding.keysAnd(OPTIONS, OWN_KEYS));
    Bounds usual = Bounds.DEFAULTS;
    int headBytes = node.integer("max_head_bytes", EnvoyOptions.DEFAULT_HEAD_BYTES, 256, MOST);
    return with(
        node,
        headBytes,
        node.integer("max_fields", EnvoyOptions.DEFAULT_FIELDS, 1, EnvoyOptions.MOST_FIELDS),
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
            node.integer("max_continuation_frames", usual.continuations(), 0, 10_000),
            node.integer("max_head_expansion", usual.headExpansion(), 2, 1_000),
            node.integer("max_waiting_data_pieces", usual.waitingPieces(), 1, 1_000_000),
            node.integer(
                "max_open_head_bytes", Bounds.usualOpenHeadBytes(headBytes), 1_024, 1 << 30)),
        flush(node),
        node.duration("field_block_timeout", Timeouts.DEFAULTS.fieldBlock()),
        Forwarding.own(node));
  }

  private static Http2Config ofManager(ConfigNode node) {
    return ofEnvoy(
        Forwarding.ofManager(node),
        flush(node),
        EnvoyOptions.headBytes(node),
        node,
        node.get("http2_protocol_options"));
  }

  private static Http2Config ofUpstream(ConfigNode node) {
    return ofEnvoy(
        Forwarding.DEFAULTS,
        Timeouts.DEFAULTS.flush(),
        EnvoyOptions.DEFAULT_HEAD_BYTES,
        node,
        EnvoyOptions.ofUpstream(node, "http2_protocol_options"));
  }

  private static Http2Config ofEnvoy(
      Forwarding forwarding,
      Duration flush,
      int headBytes,
      ConfigNode document,
      Optional<ConfigNode> http2) {
    http2.ifPresent(node -> node.allowOnly(OPTIONS));
    return with(
        http2.orElse(document),
        headBytes,
        EnvoyOptions.maxFields(document),
        DEFAULT_INTERIMS,
        Bounds.DEFAULTS.forHeads(headBytes),
        flush,
        Timeouts.DEFAULTS.fieldBlock(),
        forwarding);
  }

  private static Http2Config with(
      ConfigNode node,
      int headBytes,
      int fields,
      int interims,
      Bounds own,
      Duration flush,
      Duration fieldBlock,
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
        timeouts(node, flush, fieldBlock),
        forwarding);
  }

  private static Timeouts timeouts(ConfigNode node, Duration flush, Duration fieldBlock) {
    Optional<ConfigNode> keepAlive = node.get("connection_keepalive");
    keepAlive.ifPresent(it -> it.allowOnly("interval", "timeout"));
    return keepAlive
        .map(it -> new Timeouts(atLeast(it, "interval"), atLeast(it, "timeout"), flush, fieldBlock))
        .orElse(new Timeouts(Duration.ZERO, Duration.ZERO, flush, fieldBlock));
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
        own.continuations(),
        own.headExpansion(),
        own.waitingPieces(),
        own.openHeadBytes());
  }
}
