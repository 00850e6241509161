package dev.osprey.router;

import static dev.osprey.router.Routers.decide;
import static dev.osprey.router.Routers.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoutePlanTest {
  @Test
  void readsTheExample() throws IOException {
    try (InputStream in = RoutePlanTest.class.getResourceAsStream("/example.yaml")) {
      RouterPlan plan = Routers.plan(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(decide(plan, head("eu.shop.example.com:443", "/api/x"))).isEqualTo("api");
      assertThat(decide(plan, head("shop.example.com", "/"))).isEqualTo("301");
      assertThat(decide(plan, head("10.0.0.1", "/ready"))).isEqualTo("200");
      assertThat(decide(plan, head("10.0.0.1", "/"))).isEqualTo("none");
    }
  }

  @Test
  void rehearsesEveryDomainWithEveryRoute_andMisses() {
    RouterPlan plan =
        Routers.plan(
            """
            virtual_hosts:
            - { name: a, domains: [a.com, "*.b.com"], routes: [
                { match: { path: /x, headers: [{ name: h, string_match: { exact: v } }] }, route: { cluster: one } },
                { match: { prefix: /y, headers: [{ name: ":method", string_match: { exact: PUT } }] }, route: { cluster: two } }] }
            - { name: b, domains: ["c.*"], routes: [{ match: { prefix: / }, route: { cluster: three } }] }
            """);
    List<String> decided = plan.rehearsals().stream().map(head -> decide(plan, head)).toList();
    assertThat(decided)
        .containsExactly(
            "none", "none", "none", "one", "two", "none", "one", "two", "none", "three");
  }

  @Test
  void boundsItsRehearsals() {
    RouterPlan plan = many(3000);
    assertThat(plan.rehearsals()).hasSize(1000);
  }

  @Test
  void allocatesNothing_forARequest() {
    RouterPlan plan = many(1000);
    RequestHead exact = head("host-500.example.com:8080", "/api/7?q", "x-user", "me", "a", "b");
    RequestHead suffix = head("a.tenant-3.example.org", "/api/7", "x-user", "me");
    RequestHead miss = head("nobody.example.net", "/");
    long sum = spin(plan, exact, suffix, miss);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    sum += spin(plan, exact, suffix, miss);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(sum).isNotZero();
    assertThat(allocated).as("bytes for 30,000 requests").isLessThan(10_000);
  }

  private static long spin(RouterPlan plan, RequestHead... heads) {
    long sum = 0;
    for (int i = 0; i < 10_000; i++) {
      for (RequestHead head : heads) {
        sum += plan.route(head, i) instanceof RouteDecision.NoRoute ? 1 : 2;
      }
    }
    return sum;
  }

  private static RouterPlan many(int hosts) {
    String routes =
        """
        routes: [
          { match: { path: /ready }, direct_response: { status: 200 } },
          { match: { prefix: /api/, headers: [{ name: x-user, string_match: { prefix: m } }] },
            route: { weighted_clusters: { clusters: [{ name: a, weight: 1 }, { name: b, weight: 3 }] } } }]
        """;
    return Routers.plan(
        IntStream.range(0, hosts)
            .mapToObj(i ->
                "{ name: v%d, domains: [host-%d.example.com, '*.tenant-%d.example.org'], %s }"
                    .formatted(i, i, i, routes))
            .collect(Collectors.joining(", ", "virtual_hosts: [", "]")));
  }
}
