package dev.osprey.jmh;

import dev.osprey.access.log.FileLogs;
import dev.osprey.codec.http1.Http1Factory;
import dev.osprey.host.plan.Balancer;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.LogTarget;
import dev.osprey.host.plan.NamedCluster;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.lb.roundrobin.RoundRobinFactory;
import dev.osprey.network.tcpproxy.TcpProxyFactory;
import dev.osprey.router.EnvoyRouterFactory;
import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Counter;
import dev.osprey.spi.Factory;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.lb.LoadBalancerPlan;
import dev.osprey.spi.lb.Weights;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.message.Provenance;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.stream.headermutation.HeaderMutationFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Generations with one listener, HTTP/1 with all features on or TCP, and one cluster. */
final class ExchangePlans {
  private static final String SLOT = "listener/bench/codec/http1";
  private static final NamedCluster ORIGIN = new NamedCluster("origin", 0);
  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MANY = 1024;

  /** What a plan is lent: there is one cluster, whatever its name. */
  private record Lent(Provenance provenance) implements PlanContext {
    @Override
    public String version() {
      return "1.0.0";
    }

    @Override
    public ClusterRef cluster(ConfigNode node) {
      return ORIGIN;
    }

    @Override
    public Counter counter(String name) {
      return amount -> {};
    }
  }

  Generation generation() {
    Extension http1 = extension("codec", new Http1Factory());
    Slot<CodecPlan> codec = Slot.of(SLOT, bound(http1, codec(http1)));
    ListenerPlan listener =
        new ListenerPlan("bench", HERE, chain(codec), 1 << 20, MANY, MINUTE, IoModel.REACTOR);
    return new Generation(
        1,
        Map.of("bench", listener),
        Map.of("origin", cluster()),
        Map.of(SLOT, codec),
        Set.of(),
        "");
  }

  /** The same with a listener that relays bytes. */
  Generation pairs() {
    Extension relay = extension("network", new TcpProxyFactory());
    Map<String, Object> config = Map.of("stat_prefix", "bench", "cluster", "origin");
    ByteTerminalPlan plan = new TcpProxyFactory().plan(Trees.of(config), lent(relay));
    ByteChain chain =
        new ByteChain("bench", Slot.of("listener/bench/terminal", bound(relay, plan)), List.of());
    ListenerPlan listener =
        new ListenerPlan("bench", HERE, chain, 1 << 20, MANY, MINUTE, IoModel.REACTOR);
    return new Generation(
        1, Map.of("bench", listener), Map.of("origin", cluster()), Map.of(), Set.of(), "");
  }

  private static CodecPlan codec(Extension http1) {
    Map<String, Object> config = Map.of("use_remote_address", true, "generate_request_id", true);
    return new Http1Factory().plan(Trees.of(config), lent(http1));
  }

  private static StreamChain chain(Slot<CodecPlan> codec) {
    Extension filters = extension("stream-filter", new HeaderMutationFactory());
    Extension router = extension("router", new EnvoyRouterFactory());
    Extension logs = extension("access-log", FileLogs.factory());
    StreamFilterPlan filter =
        new HeaderMutationFactory().plan(Trees.of(mutations()), lent(filters));
    RouterPlan routes = new EnvoyRouterFactory().plan(Trees.of(routes()), lent(router));
    AccessLogPlan log = FileLogs.factory().plan(Trees.of(Map.of("path", "/dev/null")), lent(logs));
    return new StreamChain(
        "bench",
        List.of(codec),
        SLOT,
        List.of(Slot.of("filter", bound(filters, filter))),
        Slot.of("router", bound(router, routes)),
        List.of(new LogTarget(Slot.of("log", bound(logs, log)), log.target())),
        new StreamOptions(MINUTE, MINUTE, Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO),
        null);
  }

  private static Map<String, Object> mutations() {
    Map<String, Object> header = Map.of("key", "x-served-by", "value", "bench");
    Map<String, Object> append =
        Map.of("header", header, "append_action", "OVERWRITE_IF_EXISTS_OR_ADD");
    return Map.of("mutations", Map.of("response_mutations", List.of(Map.of("append", append))));
  }

  /** Ten, of which the last one fits. */
  private static Map<String, Object> routes() {
    List<Object> routes = new ArrayList<>();
    Map<String, Object> forward = Map.of("cluster", "origin", "timeout", "60s");
    for (int i = 1; i < 10; i++) {
      routes.add(Map.of("match", Map.of("prefix", "/r" + i + "/"), "route", forward));
    }
    routes.add(Map.of("match", Map.of("prefix", "/bytes/"), "route", forward));
    Map<String, Object> host = Map.of("name", "all", "domains", List.of("*"), "routes", routes);
    return Map.of("virtual_hosts", List.of(host));
  }

  private static ClusterPlan cluster() {
    Extension robin = extension("load-balancer", new RoundRobinFactory());
    LoadBalancerPlan plan = new RoundRobinFactory().plan(Trees.of(Map.of()), lent(robin));
    return new ClusterPlan(
        ORIGIN.index(),
        ORIGIN.name(),
        List.of(HERE),
        Duration.ofSeconds(5),
        MINUTE,
        MANY,
        MANY,
        MANY,
        1 << 20,
        new Balancer(bound(robin, plan), plan.over(Weights.of(1))),
        null);
  }

  private static Extension extension(String kind, Factory factory) {
    return new Extension(kind, factory, "bench." + factory.name(), "1.0.0", 1, "content", 1);
  }

  private static Lent lent(Extension extension) {
    return new Lent(extension.provenance());
  }

  private static <P> Bound<P> bound(Extension extension, P plan) {
    return new Bound<>(plan, extension, extension.name());
  }
}
