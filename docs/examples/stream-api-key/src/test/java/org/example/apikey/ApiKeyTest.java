package org.example.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.spi.stream.Verdict;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.FakeStreamSession;
import dev.osprey.testkit.StreamFilterContract;
import org.junit.jupiter.api.Test;

/** What every stream filter must keep (inherited), and what this one is for. */
class ApiKeyTest extends StreamFilterContract {
  @Override
  protected StreamFilterFactory factory() {
    return new ApiKeyFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.json("{'header': 'x-key', 'keys': ['sesame', 'friend']}");
  }

  @Test
  void passesAKnownKey_andTakesItAway() {
    RequestHead head = request("x-key", "friend");

    assertThat(filter(head).onRequestHead(head, true)).isEqualTo(Verdict.CONTINUE);
    assertThat(head.fields().size()).isZero();
  }

  @Test
  void answersARequestWithAnUnknownKey() {
    RequestHead head = request("x-key", "foe");

    assertThat(filter(head).onRequestHead(head, true)).isInstanceOf(Verdict.Reply.class);
  }

  @Test
  void namesAMistakeInItsSettings() {
    ConfigNode config = ConfigNodes.json("{'heade': 'x-key', 'keys': []}");

    factory().plan(config, new FakePlanContext("1.0.0"));

    assertThat(ConfigNodes.problems(config))
        .contains("heade: expected one of header, keys", "keys: expected at least one key");
  }

  private StreamFilter filter(RequestHead head) {
    return factory()
        .plan(config(), new FakePlanContext("1.0.0"))
        .open(new FakeStreamSession(head));
  }

  private static RequestHead request(String name, String value) {
    RequestHead head = new RequestHead();
    head.method("GET");
    head.path("/");
    head.fields().add(name, value);
    return head;
  }
}
