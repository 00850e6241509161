package dev.osprey.host.control;

import dev.osprey.host.config.PlanSpec;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Counter;
import dev.osprey.spi.Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckFactory;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.log.AccessLogFactory;
import dev.osprey.spi.network.ByteTerminalFactory;
import dev.osprey.spi.route.RouterFactory;
import dev.osprey.spi.stream.StreamFilterFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the plans of one generation, or carries them over. */
final class Planner {
  private final Map<String, ? extends ClusterRef> clusters;
  private final Function<String, Counter> counters;
  private final List<Map<String, Planned>> earlier;
  private final Map<Alike, Planned> known = new HashMap<>();
  private final List<String> fresh = new ArrayList<>();

  /**
   * A planner.
   *
   * @param clusters all clusters of the generation
   * @param earlier plans that may be carried over, by slot
   */
  Planner(
      Map<String, ? extends ClusterRef> clusters,
      Function<String, Counter> counters,
      List<Map<String, Planned>> earlier) {
    this.clusters = clusters;
    this.counters = counters;
    this.earlier = earlier;
  }

  /** What makes the plans of two slots one: thousands of clusters are balanced in the same way. */
  private record Alike(Extension extension, String key) {}

  /** The plan of a slot; null after a failure, which is a problem of the configuration's node. */
  @Nullable Planned plan(PlanSpec spec) {
    Extension extension = spec.offer().extension();
    String key = extension.content() + "|" + spec.config().canonical();
    Alike alike = new Alike(extension, key);
    Planned planned = earlier(spec, extension, key);
    if (planned == null) {
      planned = known.get(alike);
    }
    if (planned == null) {
      planned = make(spec, extension, key);
    }
    if (planned != null) {
      known.putIfAbsent(alike, planned);
    }
    return planned;
  }

  private @Nullable Planned earlier(PlanSpec spec, Extension extension, String key) {
    for (Map<String, Planned> plans : earlier) {
      Planned old = plans.get(spec.slot());
      if (old != null && canGoOn(old, extension, key)) {
        return old;
      }
    }
    return null;
  }

  /** The slots whose plans were made anew. */
  List<String> fresh() {
    return List.copyOf(fresh);
  }

  private boolean canGoOn(Planned old, Extension extension, String key) {
    return old.bound().extension() == extension
        && old.bound().key().equals(key)
        && clusters.keySet().containsAll(old.clusters());
  }

  private @Nullable Planned make(PlanSpec spec, Extension extension, String key) {
    LentContext context = new LentContext(extension, clusters, counters);
    ConfigNode config = spec.config();
    try {
      Object plan =
          Fence.call(
              extension + " threw when it was asked for a plan",
              () -> Objects.requireNonNull(plan(spec, config, context), "no plan"));
      fresh.add(spec.slot());
      return new Planned(new Bound<>(plan, extension, key), context.asked(), context.gate());
    } catch (Refusal thrown) {
      config.say(thrown.reason());
      return null;
    }
  }

  private static Object plan(PlanSpec spec, ConfigNode config, PlanContext context) {
    Factory factory = spec.offer().extension().factory();
    return switch (spec.offer().kind()) {
      case CODEC -> ((CodecFactory) factory).plan(config, context);
      case NETWORK -> ((ByteTerminalFactory) factory).plan(config, context);
      case STREAM_FILTER -> ((StreamFilterFactory) factory).plan(config, context);
      case ROUTER -> ((RouterFactory) factory).plan(config, context);
      case LOAD_BALANCER -> ((LoadBalancerFactory) factory).plan(config, context);
      case HEALTH_CHECK -> ((HealthCheckFactory) factory).plan(config, context);
      case ACCESS_LOG -> ((AccessLogFactory) factory).plan(config, context);
      case CONFIG -> throw new IllegalStateException("a configuration source has no plans");
    };
  }
}
