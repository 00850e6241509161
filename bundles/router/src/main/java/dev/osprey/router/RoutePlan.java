package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;

/** The checked routes of one generation. */
final class RoutePlan implements RouterPlan {
  private final RouterConfig config;
  private final HostTable hosts;
  // By identity: two routes may decide alike and allow different times.
  private final IdentityHashMap<RouteDecision, MaxDuration> durations = new IdentityHashMap<>();

  RoutePlan(RouterConfig config) {
    this.config = config;
    config.virtualHosts().stream()
        .flatMap(host -> host.routes().stream())
        .forEach(route -> route.addDurations(durations));
    this.hosts = new HostTable(config.virtualHosts());
  }

  @Override
  public RouteDecision route(RequestHead head, int random) {
    VirtualHost host =
        hosts.find(head.fields().bytes(), head.authorityStart(), head.authorityEnd());
    return host == null ? RouteDecision.NoRoute.INSTANCE : host.route(head, random);
  }

  @Override
  public Duration maxDuration(RequestHead head, RouteDecision.Forward decision) {
    MaxDuration known = durations.isEmpty() ? null : durations.get(decision);
    return known == null ? Duration.ZERO : known.of(head);
  }

  @Override
  public List<RequestHead> rehearsals() {
    return Rehearsals.of(config.virtualHosts());
  }
}
