package dev.osprey.host.io;

import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.NamedCluster;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.plan.StreamOptions;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.toy.ToyMuxFactory;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * Generations with one listener that knows connections by their first bytes: the toy multiplexed
 * codec's, to one cluster, and all others, which are relayed to another, or refused.
 */
final class DetectingGenerations {
  private final int strands;
  private final IoModel model;
  private final InetSocketAddress mux;
  private final InetSocketAddress other;
  private final Extension relay;
  private long number;
  private Duration timeout = Duration.ofMinutes(1);
  private boolean passingOn = true;
  private Duration idleTimeout = Duration.ofHours(1);

  DetectingGenerations(int strands, IoModel model, InetSocketAddress mux, InetSocketAddress other) {
    this.strands = strands;
    this.model = model;
    this.mux = mux;
    this.other = other;
    this.relay = new Extension("network", RelayTerminal.factory(), "relay", "1", 1, "r", strands);
  }

  DetectingGenerations timeout(Duration next) {
    timeout = next;
    return this;
  }

  DetectingGenerations idleTimeout(Duration next) {
    idleTimeout = next;
    return this;
  }

  /** From now on nobody takes what no codec knows. */
  DetectingGenerations refusing() {
    passingOn = false;
    return this;
  }

  Extension codec(String version) {
    return new Extension("codec", new ToyMuxFactory(), "toymux", version, 1, version, strands);
  }

  static CodecPlan toy(Extension extension) {
    return new ToyMuxFactory()
        .plan(ConfigNodes.json("{'stamp': true}"), new FakePlanContext(extension.version()));
  }

  /** A codec that is never sure. */
  static CodecPlan unsure(CodecPlan plan) {
    return (CodecPlan)
        Proxy.newProxyInstance(
            CodecPlan.class.getClassLoader(),
            new Class<?>[] {CodecPlan.class},
            (proxy, method, args) ->
                method.getName().equals("recognise")
                    ? Recognition.NEED_MORE
                    : method.invoke(plan, args));
  }

  /** A generation whose codecs are these, all of one extension. */
  Generation next(Extension extension, CodecPlan... plans) {
    Map<String, Slot<CodecPlan>> codecs = new HashMap<>();
    List<Slot<CodecPlan>> order =
        java.util.stream.IntStream.range(0, plans.length)
            .mapToObj(i ->
                Slot.of(
                    "listener/l/" + i, new Bound<>(plans[i], extension, extension.version() + i)))
            .toList();
    order.forEach(slot -> codecs.put(slot.name(), slot));
    ByteChain behind =
        new ByteChain(
            "l",
            Slot.of(
                "listener/l/terminal",
                new Bound<>(
                    RelayTerminal.plan(new NamedCluster("other", 1), new LongAdder()), relay, "k")),
            List.of());
    StreamChain chain =
        new StreamChain(
            "l",
            order,
            null,
            List.of(),
            Slot.of(
                "listener/l/router", new Bound<>(MuxGenerations.forward(), extension, "router")),
            List.of(),
            new StreamOptions(
                idleTimeout,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ZERO),
            passingOn ? behind : null);
    ListenerPlan listener =
        new ListenerPlan(
            "l",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            chain,
            1 << 16,
            1000,
            timeout,
            model);
    return new Generation(
        ++number,
        Map.of("l", listener),
        Map.of("up", cluster(0, "up", mux), "other", cluster(1, "other", other)),
        codecs,
        new HashSet<>(Set.of(extension, relay)),
        "");
  }

  private static ClusterPlan cluster(int index, String name, InetSocketAddress address) {
    return new ClusterPlan(
        index,
        name,
        List.of(address),
        Duration.ofSeconds(2),
        Duration.ofHours(1),
        1024,
        1024,
        4096,
        1 << 16,
        Balancers.inTurn(1),
        null);
  }
}
