package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.http.common.EnvoyOptions;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.testkit.ConfigNodes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The three documents that hold the codec's configuration. */
class Http2ConfigTest {
  private static final String MANAGER =
      "\"@type\": \"" + EnvoyOptions.MANAGER + "\", \"stat_prefix\": \"x\"";
  private static final String UPSTREAM = "\"@type\": \"" + EnvoyOptions.UPSTREAM + "\"";

  private static Http2Config read(String json) {
    ConfigNode node = ConfigNodes.json("{" + json + "}");
    Http2Config config = Http2Config.from(node);
    assertThat(ConfigNodes.problems(node)).isEmpty();
    return config;
  }

  private static List<String> problems(String json) {
    ConfigNode node = ConfigNodes.json("{" + json + "}");
    Http2Config.from(node);
    return ConfigNodes.problems(node).lines().toList();
  }

  @Test
  void hasDefaults() {
    Http2Config config = read("");
    assertThat(config.maxStreams()).isEqualTo(100);
    assertThat(config.maxUpstreamStreams()).isEqualTo(1024);
    assertThat(config.tableSize()).isEqualTo(4096);
    assertThat(config.streamWindow()).isEqualTo(262_144);
    assertThat(config.connectionWindow()).isEqualTo(1_048_576);
    assertThat(config.maxHeadBytes()).isEqualTo(61_440);
    assertThat(config.bounds()).isEqualTo(Bounds.DEFAULTS);
  }

  @Test
  void readsItsOwnKeys() {
    Http2Config config =
        read(
            """
            "max_concurrent_streams": 7, "hpack_table_size": 0, "max_head_bytes": 300,
            "max_premature_resets": 5, "max_inbound_control_frames": 50,
            "max_continuation_frames": 3, "max_head_expansion": 7,
            "max_waiting_data_pieces": 9, "field_block_timeout": "3s", "max_outbound_frames": 9,
            "max_open_head_bytes": 2000
            """);
    assertThat(config.maxStreams()).isEqualTo(7);
    assertThat(config.maxUpstreamStreams()).isEqualTo(7);
    assertThat(config.tableSize()).isZero();
    assertThat(config.timeouts().fieldBlock()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.bounds())
        .isEqualTo(new Bounds(1, 100, 10, 9, 1_000, 32 << 20, 50, 5, 3, 7, 9, 2_000));
  }

  @Test
  void letsOpenStreamsHoldSixteenOfTheLargestHeads() {
    assertThat(read("").bounds().openHeadBytes()).isEqualTo(1 << 20);
    assertThat(read("\"max_head_bytes\": 100000").bounds().openHeadBytes()).isEqualTo(1_600_000);
    assertThat(read(MANAGER + ", \"max_request_headers_kb\": 8192").bounds().openHeadBytes())
        .isEqualTo(128 << 20);
    assertThat(problems("\"max_open_head_bytes\": 5")).hasSize(1);
  }

  @Test
  void readsItsPartOfTheManager() {
    Http2Config config =
        read(
            MANAGER
                + """
                , "max_request_headers_kb": 2, "via": "edge", "codec_type": "AUTO",
                "common_http_protocol_options": {"max_headers_count": 8},
                "http2_protocol_options": {"max_concurrent_streams": 3}
                """);
    assertThat(config.maxHeadBytes()).isEqualTo(2048);
    assertThat(config.maxFields()).isEqualTo(8);
    assertThat(config.maxStreams()).isEqualTo(3);
    assertThat(config.forwarding().via()).isEqualTo("edge");
  }

  @Test
  void readsItsPartOfTheUpstreamsOptions() {
    Http2Config config =
        read(
            UPSTREAM
                + """
                , "explicit_http_config":
                {"http2_protocol_options": {"initial_stream_window_size": 70000,
                "allow_connect": true}}
                """);
    assertThat(config.streamWindow()).isEqualTo(70_000);
    assertThat(config.allowConnect()).isTrue();
  }

  @Test
  void refusesWhatItDoesNotKnow_withItsPath() {
    assertThat(problems("\"max_streams\": 1")).singleElement().asString().contains("max_streams");
    assertThat(problems(MANAGER + ", \"http2_protocol_options\": {\"allow_metadata\": true}"))
        .singleElement()
        .asString()
        .contains("http2_protocol_options", "allow_metadata");
  }

  @Test
  void readsTimes() {
    Http2Config config =
        read(
            MANAGER
                + """
                , "stream_flush_timeout": "7s", "http2_protocol_options": {"allow_connect": true,
                "connection_keepalive": {"interval": "30s", "timeout": "0.5s"}}
                """);
    assertThat(config.allowConnect()).isTrue();
    assertThat(config.timeouts())
        .isEqualTo(
            new Timeouts(
                Duration.ofSeconds(30),
                Duration.ofMillis(500),
                Duration.ofSeconds(7),
                Duration.ofSeconds(10)));
    assertThat(read("").timeouts()).isEqualTo(Timeouts.DEFAULTS);
    assertThat(problems("\"connection_keepalive\": {\"interval\": \"0s\", \"timeout\": \"1s\"}"))
        .hasSize(1);
    assertThat(problems("\"connection_keepalive\": {\"interval\": \"1s\"}")).hasSize(1);
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThat(problems("\"initial_stream_window_size\": 100")).hasSize(1);
    assertThat(problems("\"max_concurrent_streams\": 0")).hasSize(1);
    assertThat(problems("\"via\": \"a\\u0001b\"")).hasSize(1);
  }
}
