package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.http.common.EnvoyOptions;
import dev.osprey.http.common.Forwarding;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problem;
import dev.osprey.spi.config.Problems;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The three documents the codec reads. */
class Http1ConfigTest {
  private final Problems problems = new Problems();

  @Test
  void hasDefaults() {
    assertThat(read(Map.of("@type", Http1Factory.OWN))).isEqualTo(Http1Config.DEFAULTS);
    assertThat(read(Map.of("@type", EnvoyOptions.MANAGER, "stat_prefix", "a")))
        .isEqualTo(Http1Config.DEFAULTS);
    assertThat(read(Map.of("@type", EnvoyOptions.UPSTREAM, "explicit_http_config", Map.of())))
        .isEqualTo(Http1Config.DEFAULTS);
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void readsItsOwnKeys() {
    Http1Config config =
        read(
            Map.of(
                "@type",
                Http1Factory.OWN,
                "max_head_bytes",
                4096L,
                "max_interim_responses",
                3L,
                "accept_http_10",
                false,
                "via",
                "edge",
                "xff_num_trusted_hops",
                2L,
                "server_header_transformation",
                "PASS_THROUGH",
                "version_header",
                true));
    assertThat(config.limits().maxHeadBytes()).isEqualTo(4096);
    assertThat(config.limits().maxInterimResponses()).isEqualTo(3);
    assertThat(config.acceptHttp10()).isFalse();
    assertThat(config.forwarding().via()).isEqualTo("edge");
    assertThat(config.forwarding().trustedHops()).isEqualTo(2);
    assertThat(config.forwarding().serverHeader()).isEqualTo(Forwarding.ServerHeader.PASS_THROUGH);
    assertThat(config.forwarding().versionHeader()).isTrue();
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void readsItsPartOfEnvoysManager() {
    Http1Config config =
        read(
            Map.of(
                "@type",
                EnvoyOptions.MANAGER,
                "max_request_headers_kb",
                8L,
                "use_remote_address",
                false,
                "server_name",
                "edge",
                "common_http_protocol_options",
                Map.of("max_headers_count", 7L, "idle_timeout", "5s"),
                "http_protocol_options",
                Map.of(
                    "accept_http_10", true,
                    "default_host_for_http_10", "old.example",
                    "enable_trailers", false,
                    "allow_chunked_length", true),
                "route_config",
                Map.of("name", "x")));
    assertThat(config.limits().maxHeadBytes()).isEqualTo(8192);
    assertThat(config.limits().maxTargetBytes()).isEqualTo(8192);
    assertThat(config.limits().maxFields()).isEqualTo(7);
    assertThat(config.forwarding().useRemoteAddress()).isFalse();
    assertThat(config.forwarding().serverName()).isEqualTo("edge");
    assertThat(config.defaultHost()).isEqualTo("old.example");
    assertThat(config.enableTrailers()).isFalse();
    assertThat(config.allowChunkedLength()).isTrue();
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void readsItsPartOfEnvoysUpstreamOptions() {
    Http1Config config =
        read(
            Map.of(
                "@type", EnvoyOptions.UPSTREAM,
                "common_http_protocol_options", Map.of("max_headers_count", 9L),
                "explicit_http_config",
                    Map.of("http_protocol_options", Map.of("enable_trailers", false))));
    assertThat(config.limits().maxFields()).isEqualTo(9);
    assertThat(config.enableTrailers()).isFalse();
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void findsAllMistakes_withTheirPaths() {
    read(
        Map.of(
            "@type",
            Http1Factory.OWN,
            "max_head_byte",
            1L,
            "max_fields",
            0L,
            "via",
            "a\nb",
            "default_host_for_http_10",
            "a b"));
    assertThat(problems.all())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "max_head_byte", "max_fields", "via", "default_host_for_http_10");
    assertThat(problems.all())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("max_head_bytes"));
  }

  @Test
  void refusesWhatItDoesNotSupport_inEnvoysHttp1Options() {
    read(
        Map.of(
            "@type",
            EnvoyOptions.MANAGER,
            "http_protocol_options",
            Map.of("header_key_format", Map.of("proper_case_words", Map.of()))));
    assertThat(problems.all())
        .extracting(Problem::path)
        .containsExactly("http_protocol_options.header_key_format");
  }

  private Http1Config read(Map<String, Object> document) {
    return Http1Config.from(node(document, ""));
  }

  private ConfigNode node(Object value, String path) {
    Position position = new Position("test", 1, 1);
    if (value instanceof Map<?, ?> map) {
      Map<String, ConfigNode> entries = new LinkedHashMap<>();
      map.forEach((key, child) ->
          entries.put((String) key, node(child, path.isEmpty() ? (String) key : path + "." + key)));
      return ConfigNode.map(entries, position, path, problems);
    }
    return ConfigNode.scalar(value, position, path, problems);
  }
}
