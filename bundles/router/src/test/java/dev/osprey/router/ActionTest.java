package dev.osprey.router;

import static dev.osprey.router.Routers.decide;
import static dev.osprey.router.Routers.head;
import static dev.osprey.router.Routers.routeProblems;
import static dev.osprey.router.Routers.routes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActionTest {
  @Test
  void spreadsByWeight() {
    RouterPlan plan =
        routes(
            """
            { match: { prefix: / }, route: { weighted_clusters: { total_weight: 100, clusters: [
              { name: a, weight: 70 }, { name: zero, weight: 0 }, { name: b, weight: 30 }] } } }
            """);
    TreeMap<String, Integer> counts = new TreeMap<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      counts.merge(Routers.text(plan.route(head("h", "/"), random.nextInt())), 1, Integer::sum);
    }
    assertThat(counts).containsOnlyKeys("a", "b");
    assertThat(counts.get("a")).isBetween(69_000, 71_000);
    assertThat(Routers.text(plan.route(head("h", "/"), 0))).isEqualTo("a");
    assertThat(Routers.text(plan.route(head("h", "/"), -1))).isEqualTo("b");
  }

  @Test
  void refusesBadWeights() {
    assertThat(weights("clusters: []")).containsExactly(sum(0));
    assertThat(weights("clusters: [{ name: a }]")).containsExactly(sum(0));
    assertThat(weights("clusters: [{ name: a, weight: 4294967295 }, { name: b, weight: 1 }]"))
        .containsExactly(sum(4294967296L));
    assertThat(weights("total_weight: 3, clusters: [{ name: a, weight: 2 }]"))
        .containsExactly(
            ".route.weighted_clusters.total_weight: expected the sum of all weights, 2, found 3");
    assertThat(weights("clusters: [{ name: missing, weight: 1 }]")).hasSize(1);
  }

  @Test
  void answersDirectly() {
    RouterPlan plan =
        routes(
            "{ name: n, match: { prefix: / }, direct_response: { status: 418, body: { inline_string: tea } } }");
    RouteDecision decision = plan.route(head("h", "/"), 0);
    assertThat(decision)
        .isInstanceOfSatisfying(
            RouteDecision.Answer.class,
            answer -> {
              assertThat(answer.route()).isEqualTo("n");
              assertThat(answer.reply().kind()).isEqualTo(LocalReply.Kind.DIRECT);
              assertThat(answer.reply().status()).isEqualTo(418);
              assertThat(answer.reply().body()).isEqualTo("tea");
            });
    assertThat(plan.route(head("h", "/"), 1)).isSameAs(decision);
  }

  @Test
  void refusesBadAnswers() {
    assertThat(routeProblems("{ match: { prefix: / }, direct_response: { status: 100 } }"))
        .containsExactly(
            ".direct_response.status: expected a whole number from 200 to 599, found 100");
    assertThat(routeProblems("{ match: { prefix: / }, direct_response: {} }")).hasSize(1);
    assertThat(
            routeProblems(
                "{ match: { prefix: / }, direct_response: { status: 200, body: { filename: x } } }"))
        .singleElement()
        .asString()
        .contains("expected one of inline_string, found \"filename\"");
    assertThat(
            routeProblems(
                "{ match: { prefix: / }, direct_response: { status: 200, body: { inline_string: "
                    + "x".repeat(4097)
                    + " } } }"))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https_redirect: true                       | h:80       | /a?b     | https://h/a?b
          https_redirect: true                       | h:8080     | /a       | https://h:8080/a
          https_redirect: true                       | ''         | /a       | /a
          host_redirect: x                           | h:80       | /a?b     | http://x/a?b
          host_redirect: x, https_redirect: true     | h          | /a       | https://x/a
          path_redirect: /n                          | h          | /p/a?b   | http://h/n?b
          path_redirect: /n, strip_query: true       | h          | /p/a?b   | http://h/n
          path_redirect: "/n?c"                      | h          | /p/a?b   | http://h/n?c
          prefix_rewrite: /new/                      | h          | /p/a?b   | http://h/new/a?b
          host_redirect: x                           | h          | /é"      | http://x/%E9%22
          """)
  void redirects(String keys, String authority, String path, String location) {
    RouterPlan plan =
        routes(
            "{ match: { prefix: /p/ }, redirect: { KEYS } }, { match: { prefix: / }, redirect: { KEYS } }"
                .replace("KEYS", keys));
    assertThat(plan.route(head(authority, path), 0))
        .isInstanceOfSatisfying(
            RouteDecision.Answer.class,
            answer -> {
              assertThat(answer.reply().status()).isEqualTo(301);
              assertThat(answer.reply().fields()).hasSize(1);
              assertThat(answer.reply().fields().getFirst().getKey()).isEqualTo("location");
              assertThat(answer.reply().fields().getFirst().getValue()).isEqualTo(location);
            });
  }

  @Test
  void redirectsWithTheCodeOfChoice() {
    RouterPlan plan =
        routes(
            "{ match: { prefix: / }, redirect: { https_redirect: true, response_code: PERMANENT_REDIRECT } }");
    RequestHead secure = head("h:80", "/");
    secure.scheme("https");
    assertThat(decide(plan, secure)).isEqualTo("308");
  }

  @Test
  void refusesBadRedirects() {
    assertThat(redirect("response_code: FOND"))
        .singleElement()
        .asString()
        .endsWith("(did you mean \"FOUND\"?)");
    assertThat(redirect("path_redirect: /a, prefix_rewrite: /b")).hasSize(1);
    assertThat(redirect("host_redirect: 'a/b'")).hasSize(1);
    assertThat(redirect("port_redirect: 8080")).hasSize(1);
  }

  private static String sum(long found) {
    return ".route.weighted_clusters: expected weights with a sum from 1 to 4294967295, found "
        + found;
  }

  private static List<String> weights(String yaml) {
    return routeProblems(
        "{ match: { prefix: / }, route: { weighted_clusters: { " + yaml + " } } }");
  }

  private static List<String> redirect(String yaml) {
    return routeProblems("{ match: { prefix: / }, redirect: { " + yaml + " } }");
  }
}
