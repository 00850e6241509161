package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import java.util.List;

/** The checked routes of one generation. */
final class RoutePlan implements RouterPlan {
  private final RouterConfig config;
  private final HostTable hosts;

  RoutePlan(RouterConfig config) {
    this.config = config;
    this.hosts = new HostTable(config.virtualHosts());
  }

  @Override
  public RouteDecision route(RequestHead head, int random) {
    VirtualHost host =
        hosts.find(head.fields().bytes(), head.authorityStart(), head.authorityEnd());
    return host == null ? RouteDecision.NoRoute.INSTANCE : host.route(head, random);
  }

  @Override
  public List<RequestHead> rehearsals() {
    return Rehearsals.of(config.virtualHosts());
  }
}
