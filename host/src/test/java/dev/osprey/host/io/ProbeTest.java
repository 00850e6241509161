package dev.osprey.host.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.HealthTimes;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.Slot;
import dev.osprey.host.stats.Stats;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.Fault;
import dev.osprey.testkit.ThrowingExtensions;
import dev.osprey.testkit.toy.ToyMuxUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes through a codec, over real sockets. */
@Timeout(60)
class ProbeTest {
  private static final byte[] BODY = "how are you?".getBytes(StandardCharsets.US_ASCII);

  private final Stats stats = new Stats();
  private Network network;
  private ToyMuxUpstream upstream;
  private MuxGenerations generations;

  /** Wants its own body back. */
  private static final class Echo implements HealthCheckPlan {
    @Override
    public Probe probe(String cluster) {
      RequestHead head = new RequestHead();
      head.method("POST");
      head.scheme("http");
      head.path("/");
      head.authority(cluster);
      head.fields().add("token", "probe");
      return new Probe(head, BODY);
    }

    @Override
    public Optional<String> fault(ResponseHead head, byte[] body, Fields trailers) {
      return Arrays.equals(body, BODY) ? Optional.empty() : Optional.of("another body");
    }
  }

  @BeforeEach
  void start() throws IOException {
    network = new Network(stats, 1, Transport.EPOLL);
    upstream = new ToyMuxUpstream();
    generations = new MuxGenerations(network.loops(), upstream.address(), IoModel.REACTOR);
    Extension check = generations.codec("check");
    Slot<HealthCheckPlan> slot =
        Slot.of("cluster/up/health-check", new Bound<>(new Echo(), check, "check"));
    HealthTimes times = HealthTimes.every(Duration.ofMillis(50), Duration.ofMillis(500));
    generations.health(new HealthPlan(times, 1, 1, 0, slot));
  }

  @AfterEach
  void stop() throws IOException {
    upstream.close();
    network.close();
  }

  private void publish(Generation next) throws Exception {
    assertThat(network.bind(next)).isEmpty();
    var _ = network.publish(next).get(10, SECONDS);
  }

  private void publish(InetSocketAddress endpoint) throws Exception {
    generations.cluster(List.of(endpoint), Balancers.inTurn(1));
    publish(generations.next(generations.codec("1"), UnaryOperator.identity()));
  }

  private String endpoints() throws Exception {
    return network.clusters().get(10, SECONDS).toString();
  }

  private long count(String name) {
    return stats.counters().getOrDefault("cluster.up.health_check." + name, 0L);
  }

  @Test
  void asksOnAConnectionOfItsOwn_andClosesIt() throws Exception {
    publish(upstream.address());
    await("it is asked again and again").until(() -> count("success") >= 3);
    assertThat(endpoints()).contains("(healthy)");
    assertThat(upstream.accepts()).isGreaterThanOrEqualTo(3);
    await("all but the last are closed").until(() -> upstream.closes() >= 3);
    assertThat(count("failure")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "isReady", "vacancies", "request", "decode"})
  void learnsNothingAboutAnEndpoint_fromACodecThatThrows(String callback) throws Exception {
    publish(upstream.address());
    await("it is healthy").until(() -> endpoints().contains("(healthy)"));
    Extension bad = generations.codec("bad");
    Fault fault = new Fault(callback, 1, Fault.Kind.RUNTIME_EXCEPTION);
    publish(generations.next(bad, plan -> ThrowingExtensions.codec(plan, fault)));
    await("it throws again and again").until(() -> bad.failures() >= 3);
    assertThat(endpoints()).contains("(healthy)");
    long good = count("success");
    publish(upstream.address());
    await("the next build is asked").until(() -> count("success") > good + 1);
    assertThat(endpoints()).contains("(healthy)");
    assertThat(count("failure")).isZero();
  }

  @Test
  void givesUpOnAnEndpointThatSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      publish((InetSocketAddress) silent.getLocalSocketAddress());
      await("it is found out").until(() -> endpoints().contains("(unhealthy: no answer in time)"));
      assertThat(count("network_failure")).isPositive();
    }
  }
}
