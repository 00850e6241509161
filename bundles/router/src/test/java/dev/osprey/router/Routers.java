package dev.osprey.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Problem;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import java.util.List;

/** Plans, heads and decisions in short. */
final class Routers {
  private Routers() {}

  static RouterPlan plan(String yaml) {
    ConfigNode node = ConfigNodes.yaml(yaml);
    RouterPlan plan = new EnvoyRouterFactory().plan(node, FakePlanContext.without("missing"));
    assertThat(node.problems().all()).isEmpty();
    return plan;
  }

  /** One virtual host for everything with these routes. */
  static RouterPlan routes(String yaml) {
    return plan("virtual_hosts: [{ name: v, domains: ['*'], routes: [" + yaml + "] }]");
  }

  static List<String> problems(String yaml) {
    ConfigNode node = ConfigNodes.yaml(yaml);
    new EnvoyRouterFactory().plan(node, FakePlanContext.without("missing"));
    return node.problems().all().stream().map(Problem::toString).toList();
  }

  /** The problems of one route. */
  static List<String> routeProblems(String yaml) {
    return problems("virtual_hosts: [{ name: v, domains: ['*'], routes: [" + yaml + "] }]").stream()
        .map(text -> text.replace("test virtual_hosts[0].routes[0]", ""))
        .toList();
  }

  static RequestHead head(String authority, String path, String... fields) {
    RequestHead head = new RequestHead();
    head.method("GET");
    head.path(path);
    head.authority(authority);
    for (int i = 0; i < fields.length; i += 2) {
      head.fields().add(fields[i], fields[i + 1]);
    }
    return head;
  }

  /** The cluster's name, the answer's status, or "none". */
  static String decide(RouterPlan plan, RequestHead head) {
    return text(plan.route(head, 0));
  }

  static String text(RouteDecision decision) {
    return switch (decision) {
      case RouteDecision.Forward forward -> forward.cluster().name();
      case RouteDecision.Answer answer -> String.valueOf(answer.reply().status());
      case RouteDecision.NoRoute _ -> "none";
    };
  }
}
