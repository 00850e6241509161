package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Reports;
import dev.osprey.it.harness.Traffic;
import dev.osprey.load.VersionTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stream filter and two load balancers, each swapped ten times while traffic passes them. */
class FilterAndBalancerSwapIT {
  private static final int SWAPS = 10;
  private static final String LEAST_REQUEST = "least_request.v3.LeastRequest, choice_count: 3";
  private static final String RANDOM = "random.v3.Random";

  @Test
  void theHeaderFilterSwapsTenTimesAndNothingIsLost() throws Exception {
    swapTenTimes(
        Builds.HEADERS,
        Builds.headers("1.0.0"),
        Builds.headers("1.0.1"),
        LEAST_REQUEST,
        "header mutation");
  }

  @Test
  void theLoadBalancerSwapsTenTimesAndNothingIsLost() throws Exception {
    swapTenTimes(
        Builds.LEAST_REQUEST,
        Builds.leastRequest("1.0.0"),
        Builds.leastRequest("1.0.1"),
        LEAST_REQUEST,
        "least request");
  }

  @Test
  void theRandomOneSwapsTenTimesAndNothingIsLost() throws Exception {
    swapTenTimes(
        Builds.RANDOM, Builds.random("1.0.0"), Builds.random("1.0.1"), RANDOM, "random balancer");
  }

  private static void swapTenTimes(String name, Path system, Path next, String policy, String title)
      throws Exception {
    try (Traffic traffic = Traffic.start()) {
      Reports reports = traffic.osprey().reports();
      long before = reports.newest();
      traffic.osprey().configure(config(traffic, policy).toString());
      reports.awaitAfter(before, "the configuration", Report::isPublished);
      assertAnswersArePassedThroughTheFilter(traffic);
      List<Report> swaps = new ArrayList<>();
      for (int i = 1; i <= SWAPS; i++) {
        boolean forward = i % 2 == 1;
        before = reports.newest();
        traffic.osprey().drop(forward ? next : system);
        swaps.add(reports.awaitPublished(before, name, forward ? "1.0.1" : "1.0.0"));
        traffic.awaitAnswers();
        assertAnswersArePassedThroughTheFilter(traffic);
      }
      traffic.awaitOldLoadersCollected(name);
      var report = traffic.endWithoutLoss(title + ", 10 swaps");
      assertThat(swaps).allMatch(swap -> swap.fellBack() == 0);
      assertThat(report.versions()).extracting(VersionTrace::alive).containsOnly(true);
    }
  }

  private static void assertAnswersArePassedThroughTheFilter(Traffic traffic) throws Exception {
    try (RawHttp client = RawHttp.connect(traffic.httpPort())) {
      String answer = client.send("GET /bytes/1 HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
      assertThat(answer).contains("x-filtered: GET 200\r\n");
    }
  }

  private static Config config(Traffic traffic, String policy) {
    return Config.empty()
        .withHttp(
            "http",
            traffic.httpPort(),
            "app",
            Config.Codec.HTTP1,
            """
            http_filters:
              - name: envoy.filters.http.header_mutation
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                  mutations:
                    request_mutations:
                      - append: { header: { key: x-client, value: "%DOWNSTREAM_REMOTE_ADDRESS%" } }
                    response_mutations:
                      - append: { header: { key: x-filtered, value: "%REQ(:METHOD)% %RESPONSE_CODE%" } }
              - name: envoy.filters.http.router
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
            """)
        .withTcp("tcp", traffic.tcpPort(), "bytes")
        .withCluster(
            "app",
            """
            load_balancing_policy:
              policies:
                - typed_extension_config:
                    name: policy
                    typed_config: { "@type": type.googleapis.com/envoy.extensions.load_balancing_policies.%s }
            """
                .formatted(policy),
            traffic.upstreamPort())
        .withCluster("bytes", traffic.bytesPort());
  }
}
