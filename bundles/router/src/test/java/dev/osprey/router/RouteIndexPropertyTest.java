package dev.osprey.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouteDecision.Rewrite;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RouteIndexPropertyTest {
  private static final HeaderMatch[][] CONDITIONS = {
    {},
    {HeaderMatch.from(ConfigNodes.yaml("name: x-a"))},
    {HeaderMatch.from(ConfigNodes.yaml("{ name: x-a, present_match: false }"))},
    {HeaderMatch.from(ConfigNodes.yaml("{ name: x-a, string_match: { exact: '1' } }"))}
  };

  @Property(tries = 5000)
  void findsWhatALinearSearchFinds(
      @ForAll("tables") List<Route> table, @ForAll("heads") RequestHead head) {
    Route[] routes = table.toArray(Route[]::new);
    byte[] bytes = head.fields().bytes();
    int start = head.pathStart();
    int end = Bytes.endOfPath(bytes, start, head.pathEnd());
    assertThat(new RouteIndex(routes).first(head, bytes, start, end))
        .isSameAs(naive(routes, head, bytes, start, end));
  }

  private static Route naive(Route[] routes, RequestHead head, byte[] bytes, int start, int end) {
    for (Route route : routes) {
      if (route.fits(head, bytes, start, end)) {
        return route;
      }
    }
    return null;
  }

  @Provide
  Arbitrary<List<Route>> tables() {
    return routes().list().ofMaxSize(40);
  }

  private static Arbitrary<Route> routes() {
    Arbitrary<Boolean> either = Arbitraries.of(true, false);
    Arbitrary<PathMatch> path =
        Combinators.combine(paths(), either, Arbitraries.of(true, true, false))
            .as((text, whole, caseSensitive) ->
                new PathMatch(text.getBytes(StandardCharsets.ISO_8859_1), whole, caseSensitive));
    return Combinators.combine(path, Arbitraries.of(0, 0, 1, 2, 3), either)
        .as((match, condition, keepsPath) ->
            new Route(match, CONDITIONS[condition], action(keepsPath), null));
  }

  private static Action action(boolean keepsPath) {
    ClusterRef cluster = new FakePlanContext.NamedCluster("any");
    Rewrite rewrite = keepsPath ? null : new Rewrite(1, "/", null);
    return new Action.Fixed(new RouteDecision.Forward(cluster, "", Duration.ZERO, null, rewrite));
  }

  @Provide
  Arbitrary<RequestHead> heads() {
    Arbitrary<String> asked =
        Combinators.combine(paths(), Arbitraries.of("", "", "?a", "#f")).as(String::concat);
    return Combinators.combine(asked, Arbitraries.of("", "1", "2"))
        .as((path, value) ->
            value.isEmpty()
                ? Routers.head("a.test", path)
                : Routers.head("a.test", path, "x-a", value));
  }

  private static Arbitrary<String> paths() {
    Arbitrary<String> usual = Arbitraries.strings().withChars("/aAb").ofMaxLength(6);
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(8, usual),
        net.jqwik.api.Tuple.of(1, Arbitraries.of("*", "/", "**", "")));
  }
}
