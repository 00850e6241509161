package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads Envoy's HttpConnectionManager into a stream chain. */
final class ManagerReader {
  private static final Keys MANAGER =
      Keys.of(
              "stat_prefix",
              "codec_type",
              "http_protocol_options",
              "http2_protocol_options",
              "common_http_protocol_options",
              "max_request_headers_kb",
              "use_remote_address",
              "xff_num_trusted_hops",
              "skip_xff_append",
              "via",
              "generate_request_id",
              "preserve_external_request_id",
              "always_set_request_id_in_response",
              "server_name",
              "server_header_transformation",
              "stream_idle_timeout",
              "stream_flush_timeout",
              "request_timeout",
              "request_headers_timeout",
              "max_request_bytes",
              "upgrade_configs",
              "route_config",
              "http_filters",
              "access_log")
          .refusing(
              "drain_timeout",
              "rds",
              "scoped_routes",
              "add_user_agent",
              "tracing",
              "http3_protocol_options",
              "scheme_header_transformation",
              "delayed_close_timeout",
              "access_log_flush_interval",
              "flush_access_log_on_new_request",
              "access_log_options",
              "original_ip_detection_extensions",
              "early_header_mutation_extensions",
              "internal_address_config",
              "represent_ipv4_remote_address_as_ipv4_mapped_ipv6",
              "forward_client_cert_details",
              "set_current_client_cert_details",
              "proxy_100_continue",
              "normalize_path",
              "merge_slashes",
              "path_with_escaped_slashes_action",
              "request_id_extension",
              "local_reply_config",
              "strip_matching_host_port",
              "strip_any_host_port",
              "stream_error_on_invalid_http_message",
              "path_normalization_options",
              "strip_trailing_host_dot",
              "proxy_status_config",
              "typed_header_validation_config",
              "append_x_forwarded_port",
              "append_local_overload",
              "add_proxy_protocol_connection_state");
  private static final Keys COMMON =
      Keys.of("idle_timeout", "max_headers_count", "max_connection_duration")
          .refusing(
              "max_stream_duration",
              "max_response_headers_kb",
              "headers_with_underscores_action",
              "max_requests_per_connection");
  // What the codecs never read: a change of it needs no new codec plan.
  private static final Set<String> NOT_THE_CODECS =
      Set.of("route_config", "http_filters", "access_log");
  // What only one of the codecs reads.
  private static final Map<String, CodecType> READ_BY_ONE =
      Map.of(
          "http_protocol_options", CodecType.HTTP1,
          "http2_protocol_options", CodecType.HTTP2,
          "stream_flush_timeout", CodecType.HTTP2);
  private static final Keys UPGRADE = Keys.of("upgrade_type", "enabled").refusing("filters");

  /** Which codecs a connection may speak. */
  private enum CodecType {
    AUTO,
    HTTP1,
    HTTP2;

    /** The name of the codec's extension. */
    String offer() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final ChainReader chains;
  private final Catalog catalog;

  ManagerReader(ChainReader chains, Catalog catalog) {
    this.chains = chains;
    this.catalog = catalog;
  }

  ChainSpec read(String slot, Typed typed) {
    ConfigNode config = MANAGER.check(typed.config());
    ConfigNode common =
        config.get("common_http_protocol_options").map(COMMON::check).orElse(config);
    boolean commonGiven = config.has("common_http_protocol_options");
    upgrades(config);
    List<PlanSpec> codecs = codecs(slot, typed);
    PlanSpec upstream = upstream(slot, typed, codecs);
    refuseUnread(config, codecs, upstream);
    return new ChainSpec.Stream(
        config.requiredString("stat_prefix"),
        codecs,
        upstream,
        filters(slot, config),
        chains.router(slot, config),
        chains.logs(slot, config),
        commonGiven
            ? Times.of(config, common, "idle_timeout", "max_connection_duration")
            : Times.of(config, config, "", ""),
        null);
  }

  /** Where no codec is that reads a key, it would be dropped silently. */
  private static void refuseUnread(
      ConfigNode config, List<PlanSpec> codecs, @Nullable PlanSpec upstream) {
    if (codecs.isEmpty()) {
      return;
    }
    Set<String> there =
        Stream.concat(codecs.stream(), Stream.ofNullable(upstream))
            .map(codec -> codec.offer().name())
            .collect(Collectors.toSet());
    READ_BY_ONE.forEach((key, type) -> {
      if (!there.contains(type.offer())) {
        config
            .get(key)
            .ifPresent(it ->
                it.say("only the codec of " + type + " reads it, and this listener has none"));
      }
    });
  }

  private List<PlanSpec> filters(String slot, ConfigNode config) {
    var _ = config.required("http_filters");
    return new FilterReader(catalog).read(slot, config);
  }

  /** Every upgrade that a client asks for is passed on, so there is nothing to remember. */
  private static void upgrades(ConfigNode config) {
    config.objects("upgrade_configs", UPGRADE::check).stream()
        .filter(upgrade -> !upgrade.flag("enabled", true))
        .forEach(upgrade -> upgrade.required("enabled").problem("true, for all upgrades are"));
  }

  private List<PlanSpec> codecs(String slot, Typed typed) {
    ConfigNode config = typed.config();
    CodecType wanted = config.oneOf("codec_type", CodecType.class, CodecType.AUTO);
    ConfigNode at = config.get("codec_type").orElse(typed.at());
    return offers(typed.type(), wanted, at).map(offer -> codec(slot, typed, offer)).toList();
  }

  private static PlanSpec codec(String slot, Typed typed, Offer offer) {
    ConfigNode read = Tree.without(typed.withType(), NOT_THE_CODECS);
    return new PlanSpec(slot + "/codec/" + offer.name(), offer, read);
  }

  /**
   * Envoy's rule: a cluster that names no protocol is spoken to in HTTP/1.1, whatever the client
   * speaks. Null where no bundle offers that; then only the client's protocol is left.
   */
  private @Nullable PlanSpec upstream(String slot, Typed typed, List<PlanSpec> codecs) {
    String usual = CodecType.HTTP1.offer();
    return codecs.stream()
        .filter(codec -> codec.offer().name().equals(usual))
        .findFirst()
        .or(() ->
            catalog.reading(Kind.CODEC, typed.type()).stream()
                .filter(offer -> offer.name().equals(usual))
                .findFirst()
                .map(offer -> codec(slot, typed, offer)))
        .orElse(null);
  }

  private Stream<Offer> offers(String type, CodecType wanted, ConfigNode at) {
    if (wanted != CodecType.AUTO) {
      return catalog.find(Kind.CODEC, type, wanted.offer(), at).stream();
    }
    List<Offer> all = catalog.reading(Kind.CODEC, type);
    return all.isEmpty() ? catalog.find(Kind.CODEC, type, at).stream() : all.stream();
  }
}
