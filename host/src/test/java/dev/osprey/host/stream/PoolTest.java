package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which upstream connection a request gets, and who waits for one. */
class PoolTest {
  private static final Reset GONE = Reset.byHost(Reset.Reason.CONNECTION_LOST, "a test");

  private final StreamRig rig = new StreamRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  /** Requests on each upstream connection so far. */
  private List<Long> requests() {
    return rig.clients.stream()
        .map(codec -> codec.told.stream().filter(line -> line.contains("GET")).count())
        .toList();
  }

  private void ask(ScriptedCodec client, int from, int to) {
    IntStream.rangeClosed(from, to).forEach(stream -> client.ask(stream, true));
  }

  /** An upstream's stream ends, so that it has room for another. */
  private void answer(int connection, int stream) {
    ScriptedCodec codec = rig.clients.get(connection);
    codec.vacancies++;
    codec.answer(stream, true);
  }

  private int[] counts() {
    List<int[]> counts = new ArrayList<>();
    rig.worker.clusters().forEachUsed(state -> counts.add(state.counts()));
    return counts.getFirst();
  }

  private void close(int connection) {
    rig.upstreamWires.get(connection).abort(GONE);
    rig.upstreamWires.get(connection).gone();
  }

  @Test
  void aSharedConnectionIsFilled_beforeTheNextIsUsed() {
    rig.vacancies = 3;
    ScriptedCodec client = rig.client();
    ask(client, 1, 3);
    assertThat(requests()).containsExactly(3L);
    ask(client, 4, 4);
    assertThat(requests()).containsExactly(3L, 1L);
    for (int stream = 1; stream <= 3; stream++) {
      answer(0, stream);
    }
    answer(1, 1);
    ask(client, 5, 7);
    assertThat(requests()).as("all three on one").containsExactly(3L, 4L);
  }

  @Test
  void aSharedConnectionThatWasFull_comesAfterThoseWithRoom() {
    rig.vacancies = 3;
    ScriptedCodec client = rig.client();
    ask(client, 1, 4);
    answer(0, 1);
    ask(client, 5, 6);
    assertThat(requests()).containsExactly(3L, 3L);
    ask(client, 7, 7);
    assertThat(requests()).containsExactly(4L, 3L);
    ask(client, 8, 8);
    assertThat(requests()).as("both are full").containsExactly(4L, 3L, 1L);
  }

  @Test
  void theConnectionGivenBackLast_isUsedFirst() {
    rig.multiplexed = false;
    rig.vacancies = 1;
    // Three clients at once, then one after the other.
    List<ScriptedCodec> clients = IntStream.range(0, 3).mapToObj(i -> rig.client()).toList();
    clients.forEach(client -> client.ask(1, true));
    assertThat(requests()).containsExactly(1L, 1L, 1L);
    answer(0, 1);
    answer(2, 1);
    answer(1, 1);
    clients.getFirst().ask(1, true);
    assertThat(requests()).containsExactly(1L, 2L, 1L);
    clients.getLast().ask(1, true);
    assertThat(requests()).containsExactly(1L, 2L, 2L);
  }

  @Test
  void connectionsLeaveInAnyOrder_andTheRestIsUsed() {
    rig.multiplexed = false;
    rig.vacancies = 1;
    int many = 9;
    List<ScriptedCodec> clients = IntStream.range(0, many).mapToObj(i -> rig.client()).toList();
    clients.forEach(client -> client.ask(1, true));
    IntStream.range(0, many).forEach(i -> answer(i, 1));
    assertThat(counts()).containsExactly(many, many, 0, 0);
    // From the middle, the end and the start of both tables.
    for (int gone : new int[] {4, 8, 0, 5, 3}) {
      close(gone);
    }
    assertThat(counts()).containsExactly(4, 4, 0, 0);
    IntStream.range(0, 4).forEach(i -> clients.get(i).ask(1, true));
    assertThat(requests()).containsExactly(1L, 2L, 2L, 1L, 1L, 1L, 2L, 2L, 1L);
    assertThat(counts()).containsExactly(4, 0, 0, 4);
    for (int gone : new int[] {7, 1, 2, 6}) {
      close(gone);
    }
    assertThat(counts()).containsExactly(0, 0, 0, 0);
  }

  @Test
  void whoNoLongerWaits_isNotCountedAndGetsNothing() {
    rig.connectsAtOnce = false;
    rig.maxPending = 2;
    ScriptedCodec client = rig.client();
    ask(client, 1, 3);
    assertThat(counts()).containsExactly(1, 0, 2, 2);
    assertThat(client.told).as("too many wait").containsExactly("3 503.");
    client.client().onReset(1, GONE);
    assertThat(counts()).containsExactly(1, 0, 1, 1);
    ask(client, 4, 4);
    assertThat(counts()).containsExactly(1, 0, 2, 2);
    rig.connected();
    assertThat(requests()).containsExactly(2L);
    assertThat(counts()).containsExactly(1, 1, 0, 2);
  }

  @Test
  void nobodyIsLeftWaiting_whenAConnectFails() {
    rig.connectsAtOnce = false;
    ScriptedCodec client = rig.client();
    ask(client, 1, 2);
    Objects.requireNonNull(rig.connects.removeFirst()).failed("refused");
    assertThat(client.told).containsExactly("1 503.");
    assertThat(counts()).as("the other has a connect of its own").containsExactly(1, 0, 1, 1);
    Objects.requireNonNull(rig.connects.removeFirst()).failed("refused");
    assertThat(client.told).containsExactly("1 503.", "2 503.");
    assertThat(counts()).containsExactly(0, 0, 0, 0);
  }
}
