package dev.osprey.stream.headermutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakeStreamSession;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class HeaderMutationConfigTest {
  @Test
  void readsTheExampleOfTheReadme() throws Exception {
    try (InputStream in = HeaderMutationConfigTest.class.getResourceAsStream("/example.yaml")) {
      Object yaml = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
      RequestHead head = new RequestHead();
      head.fields().add("X-Internal", "1");
      var config = ConfigNodes.of(yaml);
      StreamFilter filter = Plans.plan(config).open(new FakeStreamSession(head));
      assertThat(ConfigNodes.problems(config)).isEmpty();
      var _ = filter.onRequestHead(head, true);
      assertThat(head.fields()).hasToString("x-client: 127.0.0.1\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":path",
        "Host",
        "content-length",
        "Transfer-Encoding",
        "connection",
        "upgrade",
        "te"
      })
  void refusesNamesThatTheCodecWritesItself(String name) {
    assertThat(
            Plans.problems(
                "{'mutations': {'response_mutations': [{'remove': '%s'}]}}".formatted(name)))
        .contains(
            "mutations.response_mutations[0].remove: expected a header that is not the codec's");
    assertThat(Plans.problems(Plans.append("{'key': '%s', 'value': 'v'}".formatted(name), "")))
        .contains("append.header.key: expected a header that is not the codec's");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\\r\\nb", "\\u00e4"})
  void refusesWhatIsNoName(String name) {
    assertThat(Plans.problems(Plans.append("{'key': '%s', 'value': 'v'}".formatted(name), "")))
        .contains("append.header.key: expected the name of a header");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\r\\nx-forged: b", "a\\u0000", "\\u20ac"})
  void refusesWhatIsNoValue(String value) {
    assertThat(Plans.problems(Plans.append("{'key': 'x', 'value': '%s'}".formatted(value), "")))
        .contains("append.header.value: expected a header's value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "%PROTOCAL%; found \"PROTOCAL\" at column 1 (did you mean \"PROTOCOL\"?)",
        "a %; found a lone % at column 3",
        "%REQ%; found none at column 1",
        "%REQ(a b)%; found (a b) at column 1",
        "%PROTOCOL(x)%; without an argument",
        "%RESPONSE_CODE%; known before the answer",
        "x%RESP(a)%; known before the answer, found RESP at column 2",
        "%DYNAMIC_METADATA(a)%; without an argument",
      })
  void refusesOperatorsItDoesNotKnow(String value, String problem) {
    assertThat(Plans.problems(Plans.append("{'key': 'x', 'value': '%s'}".formatted(value), "")))
        .contains("mutations.request_mutations[0].append.header.value")
        .contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{}; expected a value, found nothing",
        "{'mutations': {'query_parameter_mutations': []}}; found \"query_parameter_mutations\"",
        "{'mutations': {'request_mutations': [{}]}}; expected either append or remove",
        "{'mutations': {'request_mutations': [{'remove_on_match': {}}]}}; found \"remove_on_match\"",
        "{'mutations': {'request_mutations': [{'remove': 'a', 'append': {}}]}}; either append or",
        "{'mutations': {'request_mutations': [{'append': {}}]}}; append.header: expected a value",
        "{'mutations': {'request_mutations': [{'append': {'header': {}}}]}}; header.key: expected",
        "{'mutations': {'request_mutations': {}}}; expected a list",
        "{'mutations': {}, 'most_specific_header_mutations_wins': true}; expected one of mutations",
      })
  void saysWhereAMistakeIs(String config, String problem) {
    assertThat(Plans.problems(config)).contains(problem);
  }

  @Test
  void refusesActionsItDoesNotKnow() {
    assertThat(
            Plans.problems(
                Plans.append("{'key': 'x', 'value': 'v'}", ", 'append_action': 'OVERWRITE'")))
        .contains("append_action: expected one of APPEND_IF_EXISTS_OR_ADD, ADD_IF_ABSENT");
  }
}
