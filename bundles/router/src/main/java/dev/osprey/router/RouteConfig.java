package dev.osprey.router;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouteDecision.Rewrite;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one route: its condition and its action. */
final class RouteConfig {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);
  private static final List<String> ACTIONS = List.of("route", "direct_response", "redirect");
  private static final int MAX_BODY_BYTES = 4096;
  private static final long MAX_WEIGHT = 0xffff_ffffL;

  private final String name;
  private final PathMatch path;
  private final PlanContext context;

  private RouteConfig(String name, PathMatch path, PlanContext context) {
    this.name = name;
    this.path = path;
    this.context = context;
  }

  static Route from(ConfigNode node, PlanContext context) {
    node.allowOnly("name", "match", "route", "direct_response", "redirect");
    String name = node.string("name", "");
    ConfigNode match = node.required("match");
    match.allowOnly("prefix", "path", "headers", "case_sensitive");
    PathMatch path = PathMatch.from(match);
    List<HeaderMatch> headers = match.objects("headers", HeaderMatch::from);
    Action action = new RouteConfig(name, path, context).action(node);
    MaxDuration maxDuration =
        node.get("route")
            .filter(ConfigNode::isMap)
            .flatMap(route -> route.object("max_stream_duration", MaxDuration::from))
            .orElse(null);
    return new Route(path, headers.toArray(HeaderMatch[]::new), action, maxDuration);
  }

  private Action action(ConfigNode node) {
    List<String> given = ACTIONS.stream().filter(node::has).toList();
    if (given.size() != 1) {
      String found = given.isEmpty() ? "none" : String.join(" and ", given);
      node.say("expected one of " + String.join(", ", ACTIONS) + ", found " + found);
      return new Action.Fixed(RouteDecision.NoRoute.INSTANCE);
    }
    ConfigNode child = node.required(given.getFirst());
    return switch (given.getFirst()) {
      case "route" -> forward(child);
      case "redirect" -> Redirect.from(child, name, path);
      default -> new Action.Fixed(answer(child));
    };
  }

  private RouteDecision answer(ConfigNode node) {
    node.allowOnly("status", "body");
    node.required("status");
    int status = node.integer("status", 200, 200, 599);
    String body =
        node.object("body", text -> text.allowOnly("inline_string"))
            .map(text -> text.string("inline_string", ""))
            .orElse("");
    if (body.getBytes(StandardCharsets.UTF_8).length > MAX_BODY_BYTES) {
      node.required("body").say("expected at most " + MAX_BODY_BYTES + " bytes, found more");
    }
    return new RouteDecision.Answer(
        name, new LocalReply(LocalReply.Kind.DIRECT, status, "direct_response", List.of(), body));
  }

  private Action forward(ConfigNode node) {
    node.allowOnly(
        "cluster",
        "weighted_clusters",
        "timeout",
        "idle_timeout",
        "max_stream_duration",
        "prefix_rewrite",
        "host_rewrite_literal");
    if (node.has("cluster") == node.has("weighted_clusters")) {
      node.say(
          "expected one of cluster, weighted_clusters, found "
              + (node.has("cluster") ? "both" : "neither"));
    }
    Duration timeout = node.duration("timeout", DEFAULT_TIMEOUT);
    Duration idle = node.has("idle_timeout") ? node.duration("idle_timeout", Duration.ZERO) : null;
    Target target = new Target(timeout, idle, rewrite(node));
    if (node.has("weighted_clusters")) {
      return weighted(node.required("weighted_clusters"), target);
    }
    return new Action.Fixed(
        node.get("cluster")
            .map(cluster -> decision(cluster, target))
            .orElse(RouteDecision.NoRoute.INSTANCE));
  }

  private Action weighted(ConfigNode node, Target target) {
    node.allowOnly("clusters", "total_weight");
    List<ConfigNode> clusters =
        node.objects("clusters", cluster -> cluster.allowOnly("name", "weight"));
    RouteDecision[] decisions = new RouteDecision[clusters.size()];
    long[] ends = new long[clusters.size()];
    long sum = 0;
    for (int i = 0; i < ends.length; i++) {
      ConfigNode cluster = clusters.get(i);
      decisions[i] = decision(cluster.required("name"), target);
      sum += cluster.number("weight", 0, 0, MAX_WEIGHT);
      ends[i] = sum;
    }
    if (sum < 1 || sum > MAX_WEIGHT) {
      node.say("expected weights with a sum from 1 to " + MAX_WEIGHT + ", found " + sum);
      return new Action.Fixed(RouteDecision.NoRoute.INSTANCE);
    }
    if (node.number("total_weight", sum, 1, MAX_WEIGHT) != sum) {
      node.required("total_weight").problem("the sum of all weights, " + sum);
    }
    return new Action.Weighted(decisions, ends);
  }

  private RouteDecision decision(ConfigNode cluster, Target target) {
    return new RouteDecision.Forward(
        context.cluster(cluster), name, target.timeout, target.idleTimeout, target.rewrite);
  }

  private @Nullable Rewrite rewrite(ConfigNode node) {
    String prefix = node.has("prefix_rewrite") ? UrlText.path(node, "prefix_rewrite") : null;
    String authority =
        node.has("host_rewrite_literal") ? UrlText.authority(node, "host_rewrite_literal") : null;
    return prefix == null && authority == null
        ? null
        : new Rewrite(path.text().length, prefix, authority);
  }

  /** What the decisions of one route share. */
  private record Target(
      Duration timeout, @Nullable Duration idleTimeout, @Nullable Rewrite rewrite) {}
}
