package dev.osprey.spi.route;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.message.LocalReply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a router decides. Decisions are made once with the plan and shared by all requests. */
public sealed interface RouteDecision {
  /**
   * Send the request to a cluster.
   *
   * @param cluster where to
   * @param route the route's name for logs; empty when it has none
   * @param timeout time from the end of the request to the end of the response; zero: none
   * @param idleTimeout time without a byte in either direction; null: the listener's
   * @param rewrite what to change on the way; null: nothing
   */
  record Forward(
      ClusterRef cluster,
      String route,
      Duration timeout,
      @Nullable Duration idleTimeout,
      @Nullable Rewrite rewrite)
      implements RouteDecision {}

  /**
   * Answer at once.
   *
   * @param route the route's name for logs; empty when it has none
   * @param reply the answer
   */
  record Answer(String route, LocalReply reply) implements RouteDecision {}

  /** Nothing fits. */
  record NoRoute() implements RouteDecision {
    /** The only one that is needed. */
    public static final NoRoute INSTANCE = new NoRoute();
  }

  /**
   * Changes to a request's head on its way upstream.
   *
   * @param matchedPrefix length of the path's prefix, in bytes, that {@code prefix} replaces
   * @param prefix what replaces it; null leaves the path
   * @param authority what replaces the authority; null leaves it
   */
  record Rewrite(int matchedPrefix, @Nullable String prefix, @Nullable String authority) {}
}
