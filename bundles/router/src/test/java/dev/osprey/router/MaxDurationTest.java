package dev.osprey.router;

import static dev.osprey.router.Routers.head;
import static dev.osprey.router.Routers.routeProblems;
import static dev.osprey.router.Routers.routes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a stream may take. */
class MaxDurationTest {
  private static Duration of(RouterPlan plan, RequestHead head, int random) {
    return plan.maxDuration(head, (RouteDecision.Forward) plan.route(head, random));
  }

  private static Duration grpc(String value, String keys) {
    RouterPlan plan =
        routes(
            "{ match: { prefix: / }, route: { cluster: c, max_stream_duration: { "
                + keys
                + " } } }");
    return of(plan, head("a", "/", "grpc-timeout", value), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "1H, PT1H",
    "2M, PT2M",
    "3S, PT3S",
    "4m, PT0.004S",
    "5u, PT0.000005S",
    "6n, PT0.000000006S",
    "00000010m, PT0.01S",
    "99999999S, PT27777H46M39S"
  })
  void readsGrpcTimeouts(String value, Duration expected) {
    assertThat(grpc(value, "grpc_timeout_header_max: 0s")).isEqualTo(expected);
  }

  @Test
  void anythingLongerThanALongHoldsIsForEver() {
    assertThat(grpc("99999999H", "grpc_timeout_header_max: 0s"))
        .isGreaterThan(Duration.ofDays(9999));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1", "S", "1s", "1h", "-1S", "+1S", "1.5S", " 1S", "123456789n", "0S"})
  void aFieldThatBreaksTheRulesIsNone(String value) {
    assertThat(grpc(value, "grpc_timeout_header_max: 0s, max_stream_duration: 7s"))
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void boundsAndShortensWhatARequestSays() {
    String keys = "grpc_timeout_header_max: 10s, grpc_timeout_header_offset: 0.5s";
    assertThat(grpc("1M", keys)).isEqualTo(Duration.ofMillis(9500));
    assertThat(grpc("2S", keys)).isEqualTo(Duration.ofMillis(1500));
    assertThat(grpc("400m", keys)).isEqualTo(Duration.ofMillis(400));
    assertThat(grpc("1S", "max_stream_duration: 3s")).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void eachRouteHasItsOwn_weightedOnesToo() {
    RouterPlan plan =
        routes(
            """
            { match: { prefix: /a }, route: { cluster: c, max_stream_duration: { max_stream_duration: 1s } } },
            { match: { prefix: /b }, route: { cluster: c } },
            { match: { prefix: / }, route: { weighted_clusters: { clusters: [
              { name: c, weight: 1 }, { name: d, weight: 1 } ] }, max_stream_duration: { max_stream_duration: 2s } } }
            """);
    assertThat(of(plan, head("h", "/a"), 0)).isEqualTo(Duration.ofSeconds(1));
    assertThat(of(plan, head("h", "/b"), 0)).isEqualTo(Duration.ZERO);
    assertThat(of(plan, head("h", "/"), 0)).isEqualTo(Duration.ofSeconds(2));
    assertThat(of(plan, head("h", "/"), -1)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void refusesWhatMeansNothing() {
    String route =
        "{ match: { prefix: / }, route: { cluster: c, max_stream_duration: { grpc_timeout_header_offset: 1s } } }";
    assertThat(routeProblems(route))
        .containsExactly(
            ".route.max_stream_duration.grpc_timeout_header_offset: expected grpc_timeout_header_max"
                + " beside it, found none");
    assertThat(
            routeProblems(
                "{ match: { prefix: / }, route: { cluster: c, max_stream_duration: { max: 1s } } }"))
        .singleElement()
        .asString()
        .startsWith(".route.max_stream_duration.max: expected one of max_stream_duration, ");
  }
}
