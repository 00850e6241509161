package dev.osprey.host.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.loop.AddressText;
import dev.osprey.host.plan.Balancer;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.HealthTimes;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.stats.Stats;
import dev.osprey.spi.lb.LoadState;
import dev.osprey.spi.stream.Verdict;
import dev.osprey.testkit.toy.ToyMuxClient;
import dev.osprey.testkit.toy.ToyMuxUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A pluggable load balancer in front of two endpoints. */
@Timeout(60)
@ParameterizedClass
@EnumSource(IoModel.class)
class LoadBalancingTest {
  @Parameter IoModel model;
  private Network network;
  private ToyMuxUpstream first;
  private ToyMuxUpstream second;
  private MuxGenerations generations;

  @BeforeEach
  void start() throws IOException {
    network = new Network(new Stats(), 1, Transport.EPOLL);
    first = new ToyMuxUpstream();
    second = new ToyMuxUpstream();
    generations = new MuxGenerations(network.loops(), first.address(), model);
  }

  @AfterEach
  void stop() throws IOException {
    first.close();
    second.close();
    network.close();
  }

  private void publish(List<InetSocketAddress> endpoints, Balancer balancer) throws Exception {
    generations.cluster(endpoints, balancer);
    var next = generations.next(generations.codec("1"), UnaryOperator.identity());
    assertThat(network.bind(next)).isEmpty();
    var _ = network.publish(next).get(10, SECONDS);
  }

  private ToyMuxClient connect() throws IOException {
    return new ToyMuxClient(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), network.listeners().get(0).port()));
  }

  private List<InetSocketAddress> both() {
    return List.of(first.address(), second.address());
  }

  @Test
  void sendsWhereTheBalancerSays_fromTheNextDecisionOn() throws Exception {
    publish(both(), Balancers.of((state, random) -> 0, "1"));
    try (ToyMuxClient client = connect()) {
      assertThat(client.echoAll(10, 100)).isEmpty();
      assertThat(first.requests()).isEqualTo(10);
      publish(both(), Balancers.of((state, random) -> 1, "2"));
      assertThat(client.echoAll(10, 100)).isEmpty();
      assertThat(first.requests()).isEqualTo(10);
      assertThat(second.requests()).isEqualTo(10);
    }
  }

  @Test
  void keepsTurnsAndCounts_whenTheBalancerIsSwappedAndEndpointsChangePlaces() throws Exception {
    LinkedBlockingQueue<Verdict.Pause> pauses = new LinkedBlockingQueue<>();
    TestFilter holds =
        new TestFilter("holds")
            .on(
                "onResponseHead",
                (stream, head, end) -> {
                  Verdict.Pause pause = stream.pause(Duration.ofSeconds(30), Verdict.CONTINUE);
                  pauses.add(pause);
                  return pause;
                });
    AtomicReference<List<Integer>> seen = new AtomicReference<>(List.of());
    publishHeld(both(), looking(seen, 0), holds);
    try (ToyMuxClient client = connect()) {
      CompletableFuture<List<String>> one = held(client);
      Verdict.Pause pause = pauses.take();
      assertThat(seen.get().subList(0, 2)).containsExactly(0, 0);
      int turn = seen.get().get(2);
      publishHeld(both().reversed(), looking(seen, 0), holds);
      CompletableFuture<List<String>> other = held(client);
      Verdict.Pause next = pauses.take();
      assertThat(seen.get()).as("the first, now second, has one").containsExactly(0, 1, turn + 1);
      pause.resume(Verdict.CONTINUE);
      next.resume(Verdict.CONTINUE);
      assertThat(one.get(10, SECONDS)).isEmpty();
      assertThat(other.get(10, SECONDS)).isEmpty();
      CompletableFuture<List<String>> last = held(client);
      pauses.take().resume(Verdict.CONTINUE);
      assertThat(last.get(10, SECONDS)).isEmpty();
      assertThat(seen.get()).as("nothing is open").containsExactly(0, 0, turn + 2);
    }
  }

  private void publishHeld(List<InetSocketAddress> endpoints, Balancer balancer, TestFilter filter)
      throws Exception {
    generations.cluster(endpoints, balancer);
    var bound = filter.bound(TestFilter.extension("holds", "1", network.loops()));
    var next = generations.filtered(generations.codec("1"), List.of(bound));
    assertThat(network.bind(next)).isEmpty();
    var _ = network.publish(next).get(10, SECONDS);
  }

  private static Balancer looking(AtomicReference<List<Integer>> seen, int choice) {
    return Balancers.of(
        (LoadState state, int random) -> {
          seen.set(List.of(state.active(0), state.active(1), state.turn()));
          return choice;
        },
        "looking");
  }

  private static CompletableFuture<List<String>> held(ToyMuxClient client) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return client.echoAll(1, 10);
          } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void triesAnotherEndpoint_whenTheChosenOneRefuses() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) free.getLocalSocketAddress();
    }
    publish(List.of(nobody, first.address()), Balancers.of((state, random) -> 0, "1"));
    try (ToyMuxClient client = connect()) {
      assertThat(client.echoAll(10, 100)).isEmpty();
      assertThat(first.requests()).isEqualTo(10);
    }
  }

  @Test
  void choosesAnyEndpoint_whenTheBalancerThrows_orAnswersNonsense() throws Exception {
    Balancer throwing =
        Balancers.of(
            (state, random) -> {
              throw new IllegalStateException("no");
            },
            "throws");
    publish(both(), throwing);
    try (ToyMuxClient client = connect()) {
      assertThat(client.echoAll(40, 100)).isEmpty();
      assertThat(first.requests()).isBetween(1, 39);
      Extension extension = throwing.plan().extension();
      assertThat(extension.failures()).isEqualTo(40);
      Balancer beyond = Balancers.of((state, random) -> 2, "beyond");
      publish(both(), beyond);
      assertThat(client.echoAll(1, 100)).isEmpty();
      assertThat(beyond.plan().extension().failures()).isOne();
    }
  }

  @Test
  void losesNothing_whenTheBalancerIsSwappedAgainAndAgainUnderLoad() throws Exception {
    publish(both(), Balancers.inTurn(2));
    AtomicBoolean over = new AtomicBoolean();
    try (ToyMuxClient client = connect()) {
      CompletableFuture<List<String>> load =
          CompletableFuture.supplyAsync(
              () -> {
                List<String> problems = new ArrayList<>();
                try {
                  while (!over.get() && problems.isEmpty()) {
                    problems.addAll(client.echoAll(40, 1_000));
                  }
                } catch (InterruptedException interrupted) {
                  throw new IllegalStateException(interrupted);
                }
                return problems;
              },
              Thread::startVirtualThread);
      for (int swap = 0; swap < 50; swap++) {
        publish(both(), Balancers.inTurn(2));
      }
      over.set(true);
      assertThat(load.get(20, SECONDS)).isEmpty();
      assertThat(client.isClosed()).isFalse();
      assertThat(first.closes() + second.closes()).isZero();
      assertThat(first.requests())
          .isCloseTo(second.requests(), org.assertj.core.data.Offset.offset(1));
    }
  }

  @Test
  void leavesOutWhatIsNotHealthy_andAsksAllWhenTooFewAre() throws Exception {
    Duration often = Duration.ofMillis(50);
    generations.health(
        new HealthPlan(HealthTimes.every(often, Duration.ofSeconds(1)), 1, 1, 50, null));
    second.close();
    publish(both(), Balancers.of((state, random) -> 1, "1"));
    await("the endpoint that is gone is found out").until(() -> endpoints().contains("(unhealthy"));
    try (ToyMuxClient client = connect()) {
      assertThat(client.echoAll(10, 100)).isEmpty();
    }
    assertThat(first.requests()).isEqualTo(10);
    assertThat(endpoints()).contains(AddressText.of(first.address()) + " (healthy)");

    publish(List.of(second.address()), Balancers.of((state, random) -> 0, "2"));
    assertThat(endpoints()).as("what was known of it").contains("(unhealthy");
  }

  private String endpoints() throws Exception {
    return network.clusters().get(10, SECONDS).toString();
  }
}
