package dev.osprey.host.control;

import dev.osprey.host.config.ChainSpec;
import dev.osprey.host.config.ClusterSpec;
import dev.osprey.host.config.ConfigSpec;
import dev.osprey.host.config.HealthSpec;
import dev.osprey.host.config.Kind;
import dev.osprey.host.config.ListenerSpec;
import dev.osprey.host.config.PlanSpec;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.Balancer;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.ChainPlan;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.LogTarget;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerPlan;
import dev.osprey.spi.lb.Weights;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts plans together to a generation, once everything is known to be right. */
final class Assembly {
  private final Map<String, Planned> plans;
  private final ClusterNames names;
  private final Map<String, String> targets = new HashMap<>();
  private final Map<String, Balancer> balancers = new HashMap<>();

  Assembly(Map<String, Planned> plans, ClusterNames names) {
    this.plans = plans;
    this.names = names;
  }

  /** Puts every policy over its cluster's endpoints; what it throws is a problem of its node. */
  void balancers(ConfigSpec spec) {
    for (ClusterSpec cluster : spec.clusters()) {
      PlanSpec wanted = Objects.requireNonNull(cluster.balancer());
      Bound<LoadBalancerPlan> bound = bound(wanted);
      int[] weights = cluster.weights().stream().mapToInt(Integer::intValue).toArray();
      try {
        LoadBalancer picks =
            weights.length == 0
                ? (state, random) -> 0
                : Fence.call(
                    wanted.offer().extension() + " threw when it was given the endpoints",
                    () ->
                        Objects.requireNonNull(
                            bound.plan().over(Weights.of(weights)), "no balancer"));
        balancers.put(cluster.name(), new Balancer(bound, picks));
      } catch (Refusal thrown) {
        wanted.config().say(thrown.reason());
      }
    }
  }

  /** Asks every access log where it writes to; what it throws is a problem of its node. */
  void targets(ConfigSpec spec, ConfigNode root) {
    for (PlanSpec wanted : spec.plans()) {
      if (wanted.offer().kind() == Kind.ACCESS_LOG) {
        AccessLogPlan plan = this.<AccessLogPlan>bound(wanted).plan();
        try {
          String target =
              Fence.call(
                  wanted.offer().extension() + " threw when it was asked for its target",
                  () -> Objects.requireNonNull(plan.target(), "no target"));
          targets.put(wanted.slot(), target);
        } catch (Refusal thrown) {
          wanted.config().say(thrown.reason());
        }
      }
    }
  }

  Generation generation(long number, ConfigSpec spec, String configVersion) {
    Map<String, ListenerPlan> listeners = new HashMap<>();
    spec.listeners().forEach(listener -> listeners.put(listener.name(), listener(listener)));
    Map<String, ClusterPlan> clusters = new HashMap<>();
    spec.clusters().forEach(cluster -> clusters.put(cluster.name(), cluster(cluster)));
    Map<String, Slot<CodecPlan>> codecs = new HashMap<>();
    for (PlanSpec wanted : spec.plans()) {
      if (wanted.offer().kind() == Kind.CODEC) {
        codecs.put(wanted.slot(), slot(wanted));
      }
    }
    return new Generation(number, listeners, clusters, codecs, extensions(), configVersion);
  }

  private Set<Extension> extensions() {
    Set<Extension> used = new HashSet<>();
    plans.values().forEach(planned -> used.add(planned.bound().extension()));
    return used;
  }

  private ListenerPlan listener(ListenerSpec spec) {
    return new ListenerPlan(
        spec.name(),
        Objects.requireNonNull(spec.address()),
        chain(Objects.requireNonNull(spec.chain())),
        spec.bufferLimitBytes(),
        spec.maxConnections(),
        spec.detectionTimeout(),
        spec.ioModel());
  }

  private ChainPlan chain(ChainSpec chain) {
    return switch (chain) {
      case ChainSpec.Stream stream ->
          new StreamChain(
              stream.statPrefix(),
              stream.codecs().stream().map(this::<CodecPlan>slot).toList(),
              stream.upstream() == null ? null : stream.upstream().slot(),
              stream.filters().stream().map(this::<StreamFilterPlan>slot).toList(),
              this.<RouterPlan>slot(Objects.requireNonNull(stream.router())),
              logs(stream.logs()),
              stream.options(),
              stream.next() == null ? null : bytes(stream.next()));
      case ChainSpec.Bytes bytes -> bytes(bytes);
    };
  }

  private ByteChain bytes(ChainSpec.Bytes spec) {
    return new ByteChain(
        spec.statPrefix(), this.<ByteTerminalPlan>slot(spec.terminal()), logs(spec.logs()));
  }

  private List<LogTarget> logs(List<PlanSpec> logs) {
    return logs.stream()
        .map(log -> new LogTarget(slot(log), Objects.requireNonNull(targets.get(log.slot()))))
        .toList();
  }

  private ClusterPlan cluster(ClusterSpec spec) {
    PlanSpec codec = spec.codec();
    return new ClusterPlan(
        names.of(spec.name()).index(),
        spec.name(),
        spec.endpoints(),
        spec.connectTimeout(),
        spec.idleTimeout(),
        spec.limits().maxConnections(),
        spec.limits().maxPendingRequests(),
        spec.limits().maxRequests(),
        spec.bufferLimitBytes(),
        Objects.requireNonNull(balancers.get(spec.name())),
        codec == null ? null : slot(codec),
        health(spec.health()));
  }

  private @Nullable HealthPlan health(@Nullable HealthSpec spec) {
    if (spec == null) {
      return null;
    }
    PlanSpec check = spec.check();
    return new HealthPlan(
        spec.times(),
        spec.unhealthyThreshold(),
        spec.healthyThreshold(),
        spec.panicPercent(),
        check == null ? null : slot(check));
  }

  private <P> Slot<P> slot(PlanSpec spec) {
    return Slot.of(spec.slot(), bound(spec));
  }

  @SuppressWarnings("unchecked") // the planner asked the factory of that kind
  private <P> Bound<P> bound(PlanSpec spec) {
    return (Bound<P>) Objects.requireNonNull(plans.get(spec.slot())).bound();
  }
}
