package dev.osprey.stream.grpcstats;

import dev.osprey.spi.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which methods have numbers of their own.
 *
 * @param all true: every method that is called, within a bound
 * @param paths the methods that do, {@code /service/method}
 * @param withoutDots true: dots in a service's name become underscores
 */
record GrpcStatsConfig(boolean all, List<String> paths, boolean withoutDots) {
  GrpcStatsConfig {
    paths = List.copyOf(paths);
  }

  static GrpcStatsConfig from(ConfigNode node) {
    node.allowOnly(
        "individual_method_stats_allowlist",
        "stats_for_all_methods",
        "replace_dots_in_grpc_service_name");
    if (node.has("individual_method_stats_allowlist") && node.has("stats_for_all_methods")) {
      node.say(
          "expected one of individual_method_stats_allowlist, stats_for_all_methods, found both");
    }
    List<String> paths =
        node.object("individual_method_stats_allowlist", GrpcStatsConfig::paths).orElse(List.of());
    if (paths.size() > MethodTable.MOST) {
      node.required("individual_method_stats_allowlist")
          .say("expected at most " + MethodTable.MOST + " methods, found " + paths.size());
    }
    return new GrpcStatsConfig(
        node.flag("stats_for_all_methods", false),
        paths,
        node.flag("replace_dots_in_grpc_service_name", false));
  }

  private static List<String> paths(ConfigNode node) {
    node.allowOnly("services");
    return node.objects("services", GrpcStatsConfig::service).stream().flatMap(it -> it).toList();
  }

  private static Stream<String> service(ConfigNode node) {
    node.allowOnly("name", "method_names");
    String name = node.requiredString("name");
    if (!isName(name)) {
      node.required("name").problem("a service's name such as package.Service");
    }
    List<String> paths = new ArrayList<>();
    for (ConfigNode method : node.required("method_names").items()) {
      if (!isName(method.asString())) {
        method.problem("a method's name");
      }
      paths.add("/" + name + "/" + method.asString());
    }
    if (node.has("method_names") && paths.isEmpty()) {
      node.required("method_names").problem("a list of methods");
    }
    return paths.stream();
  }

  /** True for names that protobuf allows; only such become names of counters. */
  static boolean isName(String text) {
    return text.matches("[A-Za-z0-9_.]{1,200}");
  }
}
