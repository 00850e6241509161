package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.Codec;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.testkit.Fault;
import dev.osprey.testkit.ThrowingExtensions;
import dev.osprey.testkit.toy.ToyMuxClient;
import dev.osprey.testkit.toy.ToyMuxUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(
    value = Mover.class,
    names = {"EPOLL", "THREAD"})
class StreamChainTest {
  @Parameter Mover mover;
  private Network network;
  private ToyMuxUpstream upstream;
  private MuxGenerations generations;

  @BeforeEach
  void start() throws IOException {
    network = mover.network();
    upstream = new ToyMuxUpstream();
    generations = new MuxGenerations(network.loops(), upstream.address(), mover.model);
  }

  @AfterEach
  void stop() throws IOException {
    upstream.close();
    network.close();
  }

  private DataPlane.Moves publish(Generation next) throws Exception {
    assertThat(network.bind(next)).isEmpty();
    return network.publish(next).get(10, TimeUnit.SECONDS);
  }

  private ToyMuxClient connect() throws IOException {
    return new ToyMuxClient(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), network.listeners().get(0).port()));
  }

  @Test
  void carriesManyStreamsOnOneConnection() throws Exception {
    publish(generations.next(generations.codec("1"), UnaryOperator.identity()));
    try (ToyMuxClient client = connect()) {
      assertThat(client.echoAll(100, 20_000)).isEmpty();
      assertThat(upstream.requests()).isEqualTo(100);
      assertThat(upstream.accepts()).as("streams share a connection that is being made").isOne();
      assertThat(upstream.closes()).isZero();
    }
  }

  @Test
  void keepsEveryStream_whenTheCodecIsSwappedAgainAndAgain() throws Exception {
    Extension[] current = {generations.codec("0")};
    publish(generations.next(current[0], UnaryOperator.identity()));
    try (ToyMuxClient client = connect()) {
      var problems = new ConcurrentSkipListSet<String>();
      CompletableFuture<Integer> load =
          CompletableFuture.supplyAsync(
              () -> {
                int rounds = 0;
                try {
                  while (current[0] != null) {
                    problems.addAll(client.echoAll(50, 5_000));
                    rounds++;
                  }
                } catch (InterruptedException interrupted) {
                  throw new IllegalStateException(interrupted);
                }
                return rounds;
              },
              Thread::startVirtualThread);
      for (int swap = 1; swap <= 50; swap++) {
        Extension old = current[0];
        Extension next = generations.codec(Integer.toString(swap));
        DataPlane.Moves moves = publish(generations.next(next, UnaryOperator.identity()));
        assertThat(moves.fellBack()).isZero();
        assertThat(old.leases()).isZero();
        current[0] = next;
      }
      current[0] = null;
      assertThat(load.get(20, TimeUnit.SECONDS)).isPositive();
      assertThat(client.isClosed()).isFalse();
      assertThat(upstream.closes()).isZero();
      assertThat(problems).isEmpty();
    }
  }

  static Stream<Arguments> faults() {
    var callbacks = new TreeSet<String>();
    for (Class<?> type :
        List.of(CodecPlan.class, Codec.class, ServerCodec.class, ClientCodec.class)) {
      callbacks.addAll(ThrowingExtensions.callbacks(type));
    }
    return callbacks.stream()
        .flatMap(name -> Stream.of(Fault.Kind.values()).map(kind -> Arguments.of(name, kind)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void fencesWhatACodecThrows_andGoesOnWithTheNextBuild(String callback, Fault.Kind kind)
      throws Exception {
    Extension bad = generations.codec("bad");
    Fault fault = new Fault(callback, 2, kind).afterwards();
    publish(generations.next(bad, plan -> ThrowingExtensions.codec(plan, fault)));
    try (ToyMuxClient client = connect()) {
      CompletableFuture<Void> calls =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 3; i++) {
                  try {
                    client.echo("t" + i, "body".getBytes(StandardCharsets.US_ASCII));
                  } catch (IOException | InterruptedException | RuntimeException ended) {
                    return;
                  }
                }
              },
              Thread::startVirtualThread);
      Extension good = generations.codec("good");
      Awaitility.await()
          .atMost(10, TimeUnit.SECONDS)
          .until(() -> calls.isDone() || fault.calls() >= 2);
      publish(generations.next(good, UnaryOperator.identity()));
      Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> bad.leases() == 0);
      try (ToyMuxClient fresh = connect()) {
        assertThat(fresh.echo("fresh", new byte[100]).status()).isEqualTo(200);
      }
      assertThat(good.failures()).isZero();
    }
  }
}
