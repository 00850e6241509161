package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Domains and the routes behind them; the first route that fits decides. */
final class VirtualHost {
  // Up to here trying one route after the other costs less than asking the index.
  private static final int MOST_IN_TURN = 16;

  private final List<Domain> domains;
  private final List<Route> routes;
  private final Route[] inTurn;
  private final @Nullable RouteIndex index;

  VirtualHost(List<Domain> domains, Route[] routes) {
    this.domains = domains;
    this.routes = List.of(routes);
    this.inTurn = routes;
    this.index = routes.length > MOST_IN_TURN ? new RouteIndex(routes) : null;
  }

  List<Domain> domains() {
    return domains;
  }

  List<Route> routes() {
    return routes;
  }

  RouteDecision route(RequestHead head, int random) {
    byte[] bytes = head.fields().bytes();
    int start = head.pathStart();
    int end = Bytes.endOfPath(bytes, start, head.pathEnd());
    Route found =
        index == null ? first(head, bytes, start, end) : index.first(head, bytes, start, end);
    return found == null ? RouteDecision.NoRoute.INSTANCE : found.action().decide(head, random);
  }

  private @Nullable Route first(RequestHead head, byte[] bytes, int start, int end) {
    for (Route route : inTurn) {
      if (route.fits(head, bytes, start, end)) {
        return route;
      }
    }
    return null;
  }
}
