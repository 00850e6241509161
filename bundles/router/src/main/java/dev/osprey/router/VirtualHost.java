package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import java.util.List;

/** Domains and the routes behind them; the first route that fits decides. */
final class VirtualHost {
  private final List<Domain> domains;
  private final Route[] routes;

  VirtualHost(List<Domain> domains, Route[] routes) {
    this.domains = domains;
    this.routes = routes;
  }

  List<Domain> domains() {
    return domains;
  }

  List<Route> routes() {
    return List.of(routes);
  }

  RouteDecision route(RequestHead head, int random) {
    byte[] bytes = head.fields().bytes();
    int start = head.pathStart();
    int end = Bytes.endOfPath(bytes, start, head.pathEnd());
    for (Route route : routes) {
      if (route.fits(head, bytes, start, end)) {
        return route.action().decide(head, random);
      }
    }
    return RouteDecision.NoRoute.INSTANCE;
  }
}
