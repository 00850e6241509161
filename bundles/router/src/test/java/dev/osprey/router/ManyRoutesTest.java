package dev.osprey.router;

import static dev.osprey.router.Routers.decide;
import static dev.osprey.router.Routers.head;
import static dev.osprey.router.Routers.routes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouterPlan;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManyRoutesTest {
  private static final int MANY = 10_000;

  @Test
  void theFirstOfManyRoutesThatFitsDecides() {
    String table =
        many("{ match: { prefix: /p%d/ }, route: { cluster: p%d } }")
            + many("{ match: { path: /x%d }, route: { cluster: x%d } }")
            + many("{ match: { prefix: /p%d/deeper }, route: { cluster: hidden%d } }")
            + "{ match: { prefix: / }, route: { cluster: rest } }";
    RouterPlan plan = routes(table);
    assertThat(decide(plan, head("a", "/p0/"))).isEqualTo("p0");
    assertThat(decide(plan, head("a", "/p9999/deeper?q"))).isEqualTo("p9999");
    assertThat(decide(plan, head("a", "/p9999"))).isEqualTo("rest");
    assertThat(decide(plan, head("a", "/x5000?q"))).isEqualTo("x5000");
    assertThat(decide(plan, head("a", "/x5000/"))).isEqualTo("rest");
    assertThat(decide(plan, head("a", "*"))).isEqualTo("rest");
  }

  @Test
  void rehearsalsAreBounded_evenIfManyDomainsShareManyRoutes() {
    String domains =
        IntStream.range(0, MANY).mapToObj(i -> "d" + i + ".test").collect(Collectors.joining(","));
    String table = many("{ match: { prefix: /p%d }, route: { cluster: p%d } }");
    RouterPlan plan =
        Routers.plan(
            "virtual_hosts: [{ name: v, domains: [" + domains + "], routes: [" + table + "] }]");
    List<RequestHead> heads = plan.rehearsals();
    assertThat(heads).hasSize(1000);
  }

  private static String many(String route) {
    return IntStream.range(0, MANY)
        .mapToObj(i -> route.formatted(i, i))
        .collect(Collectors.joining(",\n", "", ",\n"));
  }
}
