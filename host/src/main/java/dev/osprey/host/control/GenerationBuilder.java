package dev.osprey.host.control;

import dev.osprey.host.config.Catalog;
import dev.osprey.host.config.ConfigReader;
import dev.osprey.host.config.ConfigSpec;
import dev.osprey.host.config.PlanSpec;
import dev.osprey.host.config.Tree;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.NamedCluster;
import dev.osprey.spi.Counter;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Problem;
import dev.osprey.spi.source.ConfigDocument;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Builds the next generation from a document and what the bundles offer. */
final class GenerationBuilder {
  private final ClusterNames names = new ClusterNames();
  private final Function<String, Counter> counters;

  GenerationBuilder(Function<String, Counter> counters) {
    this.counters = counters;
  }

  /**
   * Builds; a plan of an earlier set goes on when nothing it depends on has changed.
   *
   * @param earlier sets of plans by slot, the best first
   * @throws Refusal with every problem of the document
   */
  Draft build(
      long number, ConfigDocument document, Catalog catalog, List<Map<String, Planned>> earlier)
      throws Refusal {
    ConfigNode root = Tree.fresh(document.root());
    if (!root.problems().isEmpty() && !root.isMap()) {
      throw problems(root);
    }
    ConfigSpec spec =
        isUnreadable(root)
            ? new ConfigSpec(List.of(), List.of())
            : new ConfigReader(catalog).read(root);
    Planner planner = new Planner(clusters(spec), counters, earlier);
    Map<String, Planned> plans = plan(spec, planner);
    Assembly assembly = new Assembly(plans, names);
    if (root.problems().isEmpty()) {
      assembly.targets(spec, root);
      assembly.balancers(spec);
    }
    if (!root.problems().isEmpty()) {
      throw problems(root);
    }
    return new Draft(assembly.generation(number, spec, document.version()), plans, planner.fresh());
  }

  /** A document that could not be read at all: its reason is enough. */
  private static boolean isUnreadable(ConfigNode root) {
    return !root.problems().isEmpty() && root.keys().isEmpty();
  }

  private Map<String, NamedCluster> clusters(ConfigSpec spec) {
    Map<String, NamedCluster> clusters = new LinkedHashMap<>();
    spec.clusters().forEach(cluster -> clusters.put(cluster.name(), names.of(cluster.name())));
    return clusters;
  }

  private static Map<String, Planned> plan(ConfigSpec spec, Planner planner) {
    Map<String, Planned> plans = new HashMap<>();
    for (PlanSpec wanted : spec.plans()) {
      Planned planned = planner.plan(wanted);
      if (planned != null) {
        plans.put(wanted.slot(), planned);
      }
    }
    return plans;
  }

  private static Refusal problems(ConfigNode root) {
    return new Refusal(root.problems().all().stream().map(Problem::toString).toList());
  }
}
