package dev.osprey.host.stream;

import dev.osprey.host.fence.PlanFence;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import org.jspecify.annotations.Nullable;

/** Asks the router and carries out what it wants changed. */
final class Routing {
  private Routing() {}

  static RouteDecision decide(Slot<RouterPlan> router, RequestHead head, int random) {
    return PlanFence.route(router.pick(random), head, random);
  }

  static void rewrite(RequestHead head, RouteDecision.@Nullable Rewrite rewrite) {
    if (rewrite == null) {
      return;
    }
    String prefix = rewrite.prefix();
    if (prefix != null) {
      head.path(prefix + head.path().substring(rewrite.matchedPrefix()));
    }
    String authority = rewrite.authority();
    if (authority != null) {
      head.authority(authority);
    }
  }
}
