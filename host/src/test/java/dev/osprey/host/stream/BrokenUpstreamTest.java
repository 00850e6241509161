package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.loop.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An upstream connection that is reset, in place of being ended. */
class BrokenUpstreamTest {
  private final StreamRig rig = new StreamRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  private ScriptedCodec asking() {
    rig.multiplexed = false;
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.clients.getFirst().retries = true;
    return client;
  }

  private void breakFirst() {
    Wire wire = rig.upstreamWires.getFirst();
    wire.failed("Connection reset by peer");
    wire.gone();
  }

  @Test
  void theCodecJudgesWhetherARequestWithoutAnAnswerIsTriedAgain() {
    ScriptedCodec client = asking();
    breakFirst();
    assertThat(rig.clients.getFirst().told).contains("end");
    assertThat(rig.clients).as("another attempt").hasSize(2);
    assertThat(rig.clients.getLast().told).containsExactly("1 GET.");
    assertThat(client.told).isEmpty();
  }

  @Test
  void anAnswerThatHasBegunIsCut_whateverTheCodecWouldMakeOfAnOrderlyEnd() {
    ScriptedCodec client = asking();
    rig.clients.getFirst().answer(1, false);
    breakFirst();
    assertThat(rig.clients.getFirst().told).doesNotContain("end");
    assertThat(rig.clients).hasSize(1);
    assertThat(client.told).containsExactly("1 200", "1 reset");
  }

  @Test
  void theCodecOfManyStreamsJudgesThemAll() {
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    client.ask(2, true);
    ScriptedCodec codec = rig.clients.getFirst();
    codec.retries = true;
    codec.answer(2, false);
    breakFirst();
    assertThat(codec.told).contains("end");
    assertThat(rig.clients).hasSize(2);
    assertThat(client.told).containsExactly("2 200", "2 reset");
  }
}
