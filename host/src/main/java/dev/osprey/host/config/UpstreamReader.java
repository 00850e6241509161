package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which codec a cluster's upstream connections speak. */
final class UpstreamReader {
  static final String ENVOY =
      "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final Duration IDLE = Duration.ofHours(1);
  private static final String OUR_KEY = "dev.osprey.upstream";
  private static final String ENVOY_KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
  private static final Keys OPTIONS = Keys.of(OUR_KEY, ENVOY_KEY);
  private static final Keys PROTOCOL_OPTIONS =
      Keys.of("common_http_protocol_options", "explicit_http_config")
          .refusing(
              "upstream_http_protocol_options",
              "use_downstream_protocol_config",
              "auto_config",
              "http_filters",
              "header_validation_config",
              "outlier_detection");
  private static final Keys COMMON =
      Keys.of("idle_timeout", "max_headers_count")
          .refusing(
              "max_connection_duration",
              "max_stream_duration",
              "max_response_headers_kb",
              "headers_with_underscores_action",
              "max_requests_per_connection");
  private static final Keys EXPLICIT =
      Keys.of("http_protocol_options", "http2_protocol_options").refusing("http3_protocol_options");
  // Envoy's key for a protocol, and the name of the codec that speaks it.
  private static final Map<String, String> CODECS =
      Map.of("http_protocol_options", "http1", "http2_protocol_options", "http2");

  private final Catalog catalog;

  UpstreamReader(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * What the options say.
   *
   * @param codec null takes the caller's
   */
  record Upstream(@Nullable PlanSpec codec, Duration idleTimeout) {}

  Upstream read(String slot, ConfigNode cluster) {
    Optional<ConfigNode> options =
        cluster.get("typed_extension_protocol_options").map(OPTIONS::check);
    Optional<ConfigNode> ours = options.flatMap(node -> node.get(OUR_KEY));
    Optional<ConfigNode> envoys = options.flatMap(node -> node.get(ENVOY_KEY));
    if (ours.isPresent() && envoys.isPresent()) {
      ours.get().say("expected this or " + ENVOY_KEY + ", found both");
    }
    return ours.map(node -> own(slot, node))
        .or(() -> envoys.map(node -> envoy(slot, node)))
        .orElse(new Upstream(null, IDLE));
  }

  private Upstream own(String slot, ConfigNode node) {
    PlanSpec codec =
        Typed.any(node)
            .flatMap(typed ->
                catalog
                    .find(Kind.CODEC, typed.type(), typed.at())
                    .map(offer -> new PlanSpec(slot, offer, typed.config())))
            .orElse(null);
    return new Upstream(codec, IDLE);
  }

  private Upstream envoy(String slot, ConfigNode node) {
    Optional<Typed> typed = Typed.any(node);
    if (typed.isEmpty() || !typed.get().type().equals(ENVOY)) {
      typed.ifPresent(other -> other.at().problem("\"" + ENVOY + "\""));
      return new Upstream(null, IDLE);
    }
    ConfigNode config = PROTOCOL_OPTIONS.check(typed.get().config());
    Duration idle =
        config
            .get("common_http_protocol_options")
            .map(COMMON::check)
            .map(common -> common.duration("idle_timeout", IDLE))
            .orElse(IDLE);
    return new Upstream(explicit(slot, typed.get()), idle);
  }

  private @Nullable PlanSpec explicit(String slot, Typed typed) {
    ConfigNode explicit = typed.config().required("explicit_http_config");
    if (!typed.config().has("explicit_http_config")) {
      return null;
    }
    EXPLICIT.check(explicit);
    if (explicit.keys().size() != 1) {
      explicit.say("expected one protocol's options, found " + explicit.keys());
      return null;
    }
    String key = explicit.keys().iterator().next();
    String name = CODECS.get(key);
    return name == null
        ? null
        : catalog
            .find(Kind.CODEC, ENVOY, name, explicit.required(key))
            .map(offer -> new PlanSpec(slot, offer, typed.withType()))
            .orElse(null);
  }
}
