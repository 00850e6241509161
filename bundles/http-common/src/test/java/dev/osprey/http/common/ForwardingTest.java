package dev.osprey.http.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.testkit.ConfigNodes;
import org.junit.jupiter.api.Test;

/** What the proxy says of itself, as both codecs read and say it. */
class ForwardingTest {
  @Test
  void readsItsKeys() {
    assertThat(
            own(
                """
                {"use_remote_address": false, "xff_num_trusted_hops": 2, "skip_xff_append": true,
                "via": "edge", "generate_request_id": false, "preserve_external_request_id": true,
                "always_set_request_id_in_response": true, "server_name": "s",
                "server_header_transformation": "APPEND_IF_ABSENT", "version_header": true}
                """))
        .isEqualTo(
            new Forwarding(
                false,
                2,
                true,
                "edge",
                false,
                true,
                true,
                "s",
                Forwarding.ServerHeader.APPEND_IF_ABSENT,
                true));
    assertThat(own("{}")).isEqualTo(Forwarding.DEFAULTS);
  }

  @Test
  void envoysManagerHasNoVersionHeader() {
    ConfigNode node = ConfigNodes.json("{\"version_header\": true}");
    assertThat(Forwarding.ofManager(node)).isEqualTo(Forwarding.DEFAULTS);
  }

  @Test
  void refusesWhatIsNoValueOfAField() {
    assertThat(problems("{\"via\": \"a\\u0001b\"}")).contains("via");
    assertThat(problems("{\"via\": \" edge\"}")).contains("via");
    assertThat(problems("{\"server_name\": \"s\\t\"}")).contains("server_name");
    assertThat(problems("{\"via\": \"1.1 edge\"}")).isEmpty();
  }

  @Test
  void viaSaysTheProtocolsVersion_unlessTheNameBringsOne() {
    assertThat(own("{\"via\": \"edge\"}").viaOf("2")).isEqualTo("2 edge");
    assertThat(own("{\"via\": \"1.1 edge\"}").viaOf("2")).isEqualTo("1.1 edge");
    assertThat(Forwarding.DEFAULTS.viaOf("2")).isEmpty();
  }

  private static Forwarding own(String json) {
    ConfigNode node = ConfigNodes.json(json);
    Forwarding forwarding = Forwarding.own(node);
    assertThat(ConfigNodes.problems(node)).isEmpty();
    return forwarding;
  }

  private static String problems(String json) {
    ConfigNode node = ConfigNodes.json(json);
    Forwarding.own(node);
    return ConfigNodes.problems(node);
  }
}
