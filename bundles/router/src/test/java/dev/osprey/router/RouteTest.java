package dev.osprey.router;

import static dev.osprey.router.Routers.decide;
import static dev.osprey.router.Routers.head;
import static dev.osprey.router.Routers.routeProblems;
import static dev.osprey.router.Routers.routes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.testkit.FakePlanContext;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
  @Test
  void asteriskGoesToTheFirstRouteForAllPathsThatKeepsThem() {
    RouterPlan plan =
        routes(
            """
            { match: { prefix: /a }, route: { cluster: a } },
            { match: { prefix: / }, redirect: { path_redirect: /x } },
            { match: { prefix: / }, route: { cluster: rewritten, prefix_rewrite: /b } },
            { match: { prefix: / },
              route: { weighted_clusters: { clusters: [ { name: kept, weight: 1 } ] },
                       host_rewrite_literal: b } }
            """);
    assertThat(decide(plan, head("a", "*"))).isEqualTo("kept");
    RouterPlan nothing = routes("{ match: { prefix: /a }, route: { cluster: a } }");
    assertThat(decide(nothing, head("a", "*"))).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /exact        | exact
          /exact?a=b    | exact
          /exact#f      | exact
          /exact/       | root
          /Exact        | root
          /FOLD         | fold
          /fold         | fold
          /api          | root
          /api/         | api
          /api/v1?x     | api
          /x?/api/      | root
          /             | root
          *             | root
          **            | none
          */            | none
          ''            | none
          """)
  void firstRouteThatFitsDecides(String path, String cluster) {
    RouterPlan plan =
        routes(
            """
            { match: { path: /exact }, route: { cluster: exact } },
            { match: { path: /Fold, case_sensitive: false }, route: { cluster: fold } },
            { match: { prefix: /api/ }, route: { cluster: api } },
            { match: { prefix: / }, route: { cluster: root } },
            { match: { prefix: /api/v1 }, route: { cluster: never } }
            """);
    assertThat(decide(plan, head("a", path))).isEqualTo(cluster);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          string_match: { exact: Abc }                       | Abc    | abc
          string_match: { exact: Abc, ignore_case: true }    | aBC    | abcd
          string_match: { prefix: ab }                       | abc    | ABC
          string_match: { suffix: bc }                       | abc    | abcd
          string_match: { contains: b }                      | abc    | aBc
          string_match: { contains: B, ignore_case: true }   | abc    | ac
          string_match: { safe_regex: { regex: "\\\\d{3}" } } | 123    | 1234
          string_match: { exact: a }, invert_match: true     | b      | a
          string_match: { exact: "a,b" }                     | a,b    | a
          """)
  void matchesHeaderValues(String condition, String fits, String fitsNot) {
    RouterPlan plan =
        routes(
            "{ match: { prefix: /, headers: [{ name: X-A, "
                + condition
                + " }] }, route: { cluster: a } }");
    assertThat(decide(plan, head("a", "/", "x-a", fits))).isEqualTo("a");
    assertThat(decide(plan, head("a", "/", "X-A", fitsNot))).isEqualTo("none");
    assertThat(decide(plan, head("a", "/"))).as("a missing header").isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({
    "present_match: true, true",
    "present_match: false, false",
    "invert_match: true, false",
    "'present_match: false, invert_match: true', true",
    "invert_match: false, true"
  })
  void matchesPresence(String condition, boolean wanted) {
    RouterPlan plan =
        routes(
            "{ match: { prefix: /, headers: [{ name: x, "
                + condition
                + " }] }, route: { cluster: a } }");
    assertThat(decide(plan, head("a", "/", "x", "1"))).isEqualTo(wanted ? "a" : "none");
    assertThat(decide(plan, head("a", "/"))).isEqualTo(wanted ? "none" : "a");
  }

  @Test
  void matchesPartsOfTheRequestLine_andRepeatedHeadersAsOne() {
    RouterPlan plan =
        routes(
            """
            { match: { prefix: /, headers: [{ name: ":method", string_match: { exact: PUT } }] }, route: { cluster: put } },
            { match: { prefix: /, headers: [{ name: ":path", string_match: { suffix: "?q" } }] }, route: { cluster: query } },
            { match: { prefix: /, headers: [{ name: ":authority", string_match: { exact: h } }] }, route: { cluster: host } },
            { match: { prefix: /, headers: [{ name: ":scheme", string_match: { exact: https } }] }, route: { cluster: secure } },
            { match: { prefix: /, headers: [{ name: r, string_match: { exact: "1,2" } }] }, route: { cluster: both } }
            """);
    RequestHead put = head("a", "/");
    put.method("PUT");
    RequestHead secure = head("a", "/");
    secure.scheme("https");
    assertThat(decide(plan, put)).isEqualTo("put");
    assertThat(decide(plan, head("a", "/?q"))).isEqualTo("query");
    assertThat(decide(plan, head("h", "/"))).isEqualTo("host");
    assertThat(decide(plan, secure)).isEqualTo("secure");
    assertThat(decide(plan, head("a", "/", "r", "1", "R", "2"))).isEqualTo("both");
    assertThat(decide(plan, head("a", "/", "r", "1"))).isEqualTo("none");
  }

  @Test
  void carriesTimeoutsAndRewrites() {
    RouterPlan plan =
        routes(
            """
            { name: n, match: { prefix: /long }, route: { cluster: c, timeout: 0s, idle_timeout: 0.5s,
              prefix_rewrite: /s, host_rewrite_literal: "up:81" } },
            { match: { prefix: / }, route: { cluster: d } }
            """);
    assertThat(plan.route(head("a", "/long/x"), 0))
        .isEqualTo(
            new RouteDecision.Forward(
                new FakePlanContext.NamedCluster("c"),
                "n",
                Duration.ZERO,
                Duration.ofMillis(500),
                new RouteDecision.Rewrite(5, "/s", "up:81")));
    assertThat(plan.route(head("a", "/"), 0))
        .isEqualTo(
            new RouteDecision.Forward(
                new FakePlanContext.NamedCluster("d"), "", Duration.ofSeconds(15), null, null));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(routeProblems("{ match: { prefx: / }, route: { cluster: c } }"))
        .contains(
            ".match.prefx: expected one of prefix, path, headers, case_sensitive, found \"prefx\""
                + " (did you mean \"prefix\"?)");
    assertThat(routeProblems("{ match: { prefix: / }, route: { cluster: c, retry_policy: {} } }"))
        .singleElement()
        .asString()
        .startsWith(".route.retry_policy: expected one of cluster, ");
    assertThat(routeProblems("{ match: { prefix: / }, route: { cluster: missing } }"))
        .containsExactly(".route.cluster: no cluster \"missing\"");
    assertThat(routeProblems("{ match: { prefix: /, path: / }, route: {} }"))
        .containsExactly(
            ".match: expected one of prefix, path, found both",
            ".route: expected one of cluster, weighted_clusters, found neither");
    assertThat(routeProblems("{ match: { prefix: /?x } }"))
        .containsExactly(
            ".match.prefix: expected a path without a query, found \"/?x\"",
            ": expected one of route, direct_response, redirect, found none");
  }

  @Test
  void refusesBadHeaderConditions() {
    assertThat(header("name: a, string_match: { exact: x, prefix: y }"))
        .singleElement()
        .asString()
        .endsWith("expected one of exact, prefix, suffix, contains, safe_regex, found 2");
    assertThat(header("name: a, string_match: { safe_regex: { regex: '(' } }"))
        .singleElement()
        .asString()
        .contains(".safe_regex.regex: expected a regular expression of RE2");
    assertThat(header("name: ':foo'")).singleElement().asString().contains("one of :method");
    assertThat(header("name: 'a b'")).singleElement().asString().contains("a header's name");
    assertThat(header("name: a, exact_match: b"))
        .singleElement()
        .asString()
        .contains("found \"exact_match\"");
    assertThat(header("name: a, present_match: true, string_match: { exact: b }"))
        .singleElement()
        .asString()
        .endsWith("found both");
  }

  @Test
  void refusesRewritesThatWouldBreakARequest() {
    assertThat(routeProblems("{ match: { prefix: / }, route: { cluster: c, prefix_rewrite: a } }"))
        .hasSize(1);
    assertThat(
            routeProblems(
                "{ match: { prefix: / }, route: { cluster: c, prefix_rewrite: \"/\\r\\nx\" } }"))
        .hasSize(1);
    assertThat(
            routeProblems(
                "{ match: { prefix: / }, route: { cluster: c, host_rewrite_literal: 'a/b' } }"))
        .hasSize(1);
  }

  private static List<String> header(String yaml) {
    return routeProblems(
        "{ match: { prefix: /, headers: [{ " + yaml + " }] }, route: { cluster: c } }");
  }
}
