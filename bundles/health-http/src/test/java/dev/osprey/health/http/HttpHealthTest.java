package dev.osprey.health.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.ConfigNodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpHealthTest {
  private static HttpHealth check(String json) {
    ConfigNode config = ConfigNodes.json(json);
    HttpHealth check = HttpHealth.from(config);
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return check;
  }

  private static String problems(String json) {
    ConfigNode config = ConfigNodes.json(json);
    var _ = HttpHealth.from(config);
    return ConfigNodes.problems(config);
  }

  private static Optional<String> fault(HttpHealth check, int status) {
    ResponseHead head = new ResponseHead();
    head.status(status);
    return check.fault(head, new byte[0], new Fields());
  }

  @Test
  void asksForItsPath() {
    RequestHead head = check("{'path': '/ready?x=1', 'host': 'app:80'}").probe("c").head();

    assertThat(head.method()).isEqualTo("GET");
    assertThat(head.path()).isEqualTo("/ready?x=1");
    assertThat(head.authority()).isEqualTo("app:80");
    assertThat(check("{'path': '/'}").probe("shop").head().authority()).isEqualTo("shop");
  }

  @Test
  void expectsTwoHundred_orWhatItIsTold() {
    HttpHealth usual = check("{'path': '/'}");
    assertThat(fault(usual, 200)).isEmpty();
    assertThat(fault(usual, 204)).contains("status 204");
    HttpHealth told =
        check(
            "{'path': '/', 'expected_statuses':"
                + " [{'start': 204, 'end': 205}, {'start': 300, 'end': 400}]}");
    assertThat(fault(told, 204)).isEmpty();
    assertThat(fault(told, 399)).isEmpty();
    assertThat(fault(told, 200)).contains("status 200");
    assertThat(fault(told, 400)).contains("status 400");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(problems("{}")).contains("path: ");
    assertThat(problems("{'path': 'ready'}")).contains("path: expected a path");
    assertThat(problems("{'path': '/', 'host': 'a b'}")).contains("host: expected a host");
    assertThat(problems("{'path': '/', 'send': {}}")).contains("send: expected one of host, ");
    assertThat(problems("{'path': '/', 'expected_statuses': [{'start': 300, 'end': 300}]}"))
        .contains("expected_statuses[0].end: expected a number above start");
  }

  @Test
  void readsTheExampleOfItsReadme() throws IOException {
    try (InputStream in = HttpHealthTest.class.getResourceAsStream("/example.yaml")) {
      String example =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(Files.readString(Path.of("README.md"))).contains("```yaml\n" + example + "```\n");
      ConfigNode config = ConfigNodes.yaml(example);
      ConfigNode check = config.required("health_checks").items().getFirst();

      assertThat(HttpHealth.from(check.required("http_health_check")))
          .isEqualTo(new HttpHealth("", "/ready", List.of(new HttpHealth.Range(200, 300))));
      assertThat(ConfigNodes.problems(config)).isEmpty();
    }
  }
}
