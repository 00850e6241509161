package dev.osprey.host.stream;

import dev.osprey.host.fence.PlanFence;
import dev.osprey.host.plan.Bound;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Carries out what the router wants. */
final class Routing {
  private Routing() {}

  /** Asks how long a stream may take and notes it; false when the router throws. */
  static boolean limit(
      ExchangeRecord log,
      Bound<RouterPlan> router,
      RequestHead head,
      RouteDecision.Forward decision) {
    Duration longest = PlanFence.maxDuration(router, head, decision);
    if (longest != null) {
      log.lasts(longest);
    }
    return longest != null;
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
