package dev.osprey.host.io;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.Balancer;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.stats.Stats;
import dev.osprey.testkit.toy.ToyMuxClient;
import dev.osprey.testkit.toy.ToyMuxUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that wait while their endpoint is crowded out, replaced or taken away. */
@Timeout(30)
@ParameterizedClass
@EnumSource(IoModel.class)
class EndpointsTest {
  @Parameter IoModel model;
  private final AtomicInteger choice = new AtomicInteger();
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

  private void publish(InetSocketAddress... endpoints) throws Exception {
    Balancer chosen = Balancers.of((state, random) -> choice.get(), "chosen");
    generations.cluster(List.of(endpoints), chosen);
    var next = generations.next(generations.codec("1"), UnaryOperator.identity());
    assertThat(network.bind(next)).isEmpty();
    var _ = network.publish(next).get(10, SECONDS);
  }

  private ToyMuxClient connect() throws IOException {
    return new ToyMuxClient(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), network.listeners().get(0).port()));
  }

  private static CompletableFuture<ToyMuxClient.Answer> later(ToyMuxClient client) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return client.call("/echo/later", "later", new byte[10]);
          } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void anIdleConnectionMakesRoom_forARequestToAnotherEndpoint() throws Exception {
    generations.maxConnections(1);
    publish(first.address(), second.address());
    try (ToyMuxClient client = connect()) {
      for (int i = 0; i < 6; i++) {
        choice.set(i % 2);
        assertThat(later(client).get(5, SECONDS).status()).isEqualTo(200);
      }
      assertThat(first.requests()).isEqualTo(3);
      assertThat(second.requests()).isEqualTo(3);
      Awaitility.await().until(() -> first.closes() + second.closes() == 5);
    }
  }

  @Test
  void nobodyStarves_whenBothEndpointsAreBusy() throws Exception {
    generations.maxConnections(1);
    Balancer turns = Balancers.inTurn(2);
    generations.cluster(List.of(first.address(), second.address()), turns);
    var next = generations.next(generations.codec("1"), UnaryOperator.identity());
    assertThat(network.bind(next)).isEmpty();
    var _ = network.publish(next).get(10, SECONDS);
    try (ToyMuxClient client = connect()) {
      assertThat(client.echoAll(100, 1_000)).isEmpty();
      assertThat(client.echoAll(100, 1_000)).isEmpty();
    }
    assertThat(first.requests() + second.requests()).isEqualTo(200);
  }

  @Test
  void aRequestThatWaits_goesToTheNewEndpoint_whenItsOwnIsReplaced() throws Exception {
    try (DeafEndpoint deaf = new DeafEndpoint()) {
      publish(deaf.address());
      try (ToyMuxClient client = connect()) {
        CompletableFuture<ToyMuxClient.Answer> waits = later(client);
        awaitPending(1);
        publish(first.address());
        assertThat(waits.get(5, SECONDS).status()).isEqualTo(200);
        assertThat(first.requests()).isOne();
      }
    }
  }

  @Test
  void aRequestThatWaits_isAnsweredClearly_whenTheLastEndpointIsTakenAway() throws Exception {
    try (DeafEndpoint deaf = new DeafEndpoint()) {
      publish(deaf.address());
      try (ToyMuxClient client = connect()) {
        CompletableFuture<ToyMuxClient.Answer> waits = later(client);
        awaitPending(1);
        publish();
        ToyMuxClient.Answer answer = waits.get(5, SECONDS);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).asString(StandardCharsets.UTF_8).contains("no healthy upstream");
        assertThat(later(client).get(5, SECONDS).status()).isEqualTo(503);
      }
    }
  }

  @Test
  void theClientIsNotTold_whereTheUpstreamIs_norWhatTheSystemSaid() throws Exception {
    InetSocketAddress nobody;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = (InetSocketAddress) free.getLocalSocketAddress();
    }
    publish(nobody);
    try (ToyMuxClient client = connect()) {
      ToyMuxClient.Answer answer = later(client).get(5, SECONDS);
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body())
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("the upstream can't be reached")
          .doesNotContain("127.0.0.1", "refused");
    }
  }

  private void awaitPending(int count) {
    Awaitility.await().until(() -> network.clusters().get().getFirst().pending() == count);
  }
}
