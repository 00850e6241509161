package dev.osprey.router;

import dev.osprey.jmh.BenchmarkContext;
import dev.osprey.jmh.Trees;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a routing decision costs as virtual hosts grow, and as the routes of one do. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public class RouterBenchmark {
  /** How many virtual hosts, and routes in each. */
  @Param({"1x10", "100x10", "10000x10", "1x1000", "1x10000"})
  public String table;

  private RouterPlan plan;
  private RequestHead[] heads;
  private int next;

  @Setup
  public void build() {
    int hosts = Integer.parseInt(table.substring(0, table.indexOf('x')));
    int routes = Integer.parseInt(table.substring(table.indexOf('x') + 1));
    List<Object> virtualHosts = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      virtualHosts.add(
          Map.of("name", "h" + i, "domains", List.of("h" + i + ".test"), "routes", routes(routes)));
    }
    plan =
        new EnvoyRouterFactory()
            .plan(Trees.of(Map.of("virtual_hosts", virtualHosts)), new BenchmarkContext());
    heads = new RequestHead[64];
    for (int i = 0; i < heads.length; i++) {
      heads[i] = new RequestHead();
      heads[i].method("GET");
      heads[i].authority("h" + i * 7919L % hosts + ".test");
      heads[i].path("/r" + (routes - 1 - i % 10) + "/x?y=z");
    }
  }

  private static List<Object> routes(int count) {
    List<Object> routes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      routes.add(
          Map.of("match", Map.of("prefix", "/r" + i + "/"), "route", Map.of("cluster", "c" + i)));
    }
    return routes;
  }

  @Benchmark
  public RouteDecision route() {
    next = next + 1 & 63;
    return plan.route(heads[next], next);
  }
}
