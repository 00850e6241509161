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
import dev.osprey.spi.network.ByteTerminalPlan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/** Generations with one listener {@code l} that relays to one endpoint, in one I/O model. */
final class RelayGenerations {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final int strands;
  private IoModel model;
  private final int bufferLimit;
  private final LongAdder answered = new LongAdder();
  private long number;

  RelayGenerations(int strands, IoModel model, int bufferLimit) {
    this.strands = strands;
    this.model = model;
    this.bufferLimit = bufferLimit;
  }

  /** From now on the listener has that I/O model. */
  void model(IoModel next) {
    model = next;
  }

  /** What was passed to clients so far, in bytes. */
  long answered() {
    return answered.sum();
  }

  Extension extension(String version) {
    return new Extension("network", RelayTerminal.factory(), "relay", version, 1, version, strands);
  }

  Generation next(Extension extension, int upstreamPort) {
    return next(
        extension,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        upstreamPort,
        CONNECT_TIMEOUT);
  }

  Generation next(
      Extension extension, InetSocketAddress address, int upstreamPort, Duration connectTimeout) {
    NamedCluster name = new NamedCluster("echo", 0);
    Slot<ByteTerminalPlan> slot =
        Slot.of("l/terminal", new Bound<>(RelayTerminal.plan(name, answered), extension, "k"));
    ListenerPlan listener =
        new ListenerPlan(
            "l",
            address,
            new ByteChain("l", slot, List.of()),
            bufferLimit,
            100_000,
            Duration.ZERO,
            model);
    return new Generation(
        ++number,
        Map.of("l", listener),
        Map.of("echo", cluster(upstreamPort, connectTimeout)),
        Map.of(),
        Set.of(extension),
        "");
  }

  private ClusterPlan cluster(int port, Duration connectTimeout) {
    return new ClusterPlan(
        0,
        "echo",
        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
        connectTimeout,
        Duration.ofHours(1),
        10_000,
        1024,
        1024,
        bufferLimit,
        Balancers.inTurn(1),
        null);
  }
}
