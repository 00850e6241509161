package dev.osprey.host.io;

import dev.osprey.host.plan.Balancer;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.NamedCluster;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.toy.ToyMuxFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Builds generations with one listener that speaks the toy multiplexed codec on both sides. */
final class MuxGenerations {
  private static final String SLOT = "listener/mux/toymux";

  private final int loops;
  private final IoModel model;
  private List<InetSocketAddress> endpoints;
  private long number;
  private Balancer balancer = Balancers.inTurn(1);
  private int maxConnections = 1024;
  private @Nullable HealthPlan health;

  MuxGenerations(int loops, InetSocketAddress upstream, IoModel model) {
    this.loops = loops;
    this.model = model;
    this.endpoints = List.of(upstream);
  }

  /** From now on the cluster has these endpoints and this load balancing. */
  void cluster(List<InetSocketAddress> addresses, Balancer next) {
    endpoints = addresses;
    balancer = next;
  }

  /** From now on the cluster has at most so many connections. */
  void maxConnections(int most) {
    maxConnections = most;
  }

  /** From now on the cluster's endpoints are checked like this. */
  void health(HealthPlan plan) {
    health = plan;
  }

  Extension codec(String version) {
    return new Extension("codec", new ToyMuxFactory(), "toymux", version, 1, version, loops);
  }

  /** A generation whose codec plan is what {@code change} makes of the plain one. */
  Generation next(Extension extension, UnaryOperator<CodecPlan> change) {
    CodecPlan plan =
        new ToyMuxFactory()
            .plan(ConfigNodes.json("{'stamp': true}"), new FakePlanContext(extension.version()));
    return next(extension, change.apply(plan), forward());
  }

  /** A generation whose streams pass these filters. */
  Generation filtered(Extension codec, List<Bound<StreamFilterPlan>> filters) {
    CodecPlan plan =
        new ToyMuxFactory()
            .plan(ConfigNodes.json("{'stamp': true}"), new FakePlanContext(codec.version()));
    return next(codec, plan, forward(), filters);
  }

  Generation next(Extension extension, CodecPlan plan, RouterPlan routes) {
    return next(extension, plan, routes, List.of());
  }

  private Generation next(
      Extension extension,
      CodecPlan plan,
      RouterPlan routes,
      List<Bound<StreamFilterPlan>> filters) {
    Slot<CodecPlan> slot = Slot.of(SLOT, new Bound<>(plan, extension, extension.version()));
    StreamChain chain =
        new StreamChain(
            "mux",
            List.of(slot),
            null,
            filters.stream().map(filter -> Slot.of("filter/" + filter.key(), filter)).toList(),
            Slot.of("listener/mux/router", new Bound<>(routes, extension, "router")),
            List.of(),
            new StreamOptions(
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ZERO),
            null);
    ListenerPlan listener =
        new ListenerPlan(
            "mux",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            chain,
            1 << 16,
            1000,
            Duration.ZERO,
            model);
    return new Generation(
        ++number,
        Map.of("mux", listener),
        Map.of("up", cluster(slot)),
        Map.of(SLOT, slot),
        extensions(extension, filters),
        "");
  }

  private Set<Extension> extensions(Extension codec, List<Bound<StreamFilterPlan>> filters) {
    Set<Extension> used = new HashSet<>();
    used.add(codec);
    used.add(balancer.plan().extension());
    filters.forEach(filter -> used.add(filter.extension()));
    return used;
  }

  // What is checked in words of a protocol names its codec.
  private ClusterPlan cluster(Slot<CodecPlan> codec) {
    return new ClusterPlan(
        0,
        "up",
        endpoints,
        Duration.ofSeconds(2),
        Duration.ofHours(1),
        maxConnections,
        1024,
        4096,
        1 << 16,
        balancer,
        health == null || health.check() == null ? null : codec,
        health);
  }

  static RouterPlan forward() {
    RouteDecision decision =
        new RouteDecision.Forward(new NamedCluster("up", 0), "", Duration.ZERO, null, null);
    return new RouterPlan() {
      @Override
      public RouteDecision route(RequestHead head, int random) {
        return decision;
      }

      @Override
      public List<RequestHead> rehearsals() {
        return List.of();
      }
    };
  }
}
