package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.StreamOptions;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a client's connection and its exchanges run out of time; the test turns the wheel. */
class DownstreamTimesTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final StreamRig rig = new StreamRig();

  @AfterEach
  void stop() {
    rig.close();
  }

  private static Duration seconds(double count) {
    return Duration.ofMillis((long) (count * 1000));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRouteTimesOut(boolean multiplexed) {
    rig.multiplexed = multiplexed;
    rig.route = StreamRig.route(seconds(10), null);
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.wait(seconds(9));
    assertThat(client.told).isEmpty();
    rig.wait(seconds(10));
    assertThat(client.told).containsExactly("1 504.");
  }

  @Test
  void aRouteTimesOut_whenItsRequestEndedLate() {
    rig.route = StreamRig.route(seconds(10), null);
    ScriptedCodec client = rig.client();
    client.ask(1, false);
    rig.wait(seconds(5));
    client.client().onData(1, Unpooled.EMPTY_BUFFER, true);
    rig.wait(seconds(10));
    assertThat(client.told).containsExactly("1 504.");
  }

  @Test
  void aRouteTimesOut_whenALaterRequestIsInLessOfAHurry() {
    rig.route = StreamRig.route(seconds(10), null);
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.route = StreamRig.route(seconds(20), null);
    rig.publish();
    client.ask(3, true);
    rig.wait(seconds(10));
    assertThat(client.told).containsExactly("1 504.");
    rig.wait(seconds(20));
    assertThat(client.told).containsExactly("1 504.", "3 504.");
  }

  @Test
  void aRouteTimesOut_whenALaterRequestIsInMoreOfAHurry() {
    rig.route = StreamRig.route(seconds(20), null);
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.route = StreamRig.route(seconds(10), null);
    rig.publish();
    client.ask(3, true);
    rig.clients.getFirst().answer(1, true);
    client.told.clear();
    rig.wait(seconds(10));
    assertThat(client.told).containsExactly("3 504.");
  }

  @Test
  void everyOneOfManyTimesOut_inItsTurn() {
    ScriptedCodec client = rig.client();
    for (int i = 1; i <= 30; i++) {
      rig.route = StreamRig.route(seconds(31 - i), null);
      rig.publish();
      client.ask(i, true);
    }
    for (int i = 1; i <= 30; i++) {
      rig.wait(seconds(i));
      assertThat(client.told).as("after %s s", i).hasSize(i).last().isEqualTo((31 - i) + " 504.");
    }
  }

  @Test
  void aRoutesIdleTimeCounts_whenTheListenersIsLonger() {
    rig.route = StreamRig.route(NONE, seconds(3));
    ScriptedCodec client = rig.client();
    rig.wait(seconds(2));
    client.ask(1, false);
    rig.wait(seconds(3));
    assertThat(client.told).containsExactly("1 408.");
  }

  @Test
  void aRequestThatDoesNotEndTimesOut() {
    rig.options = new StreamOptions(HOUR, HOUR, NONE, seconds(4), NONE);
    ScriptedCodec client = rig.client();
    client.ask(1, false);
    client.ask(3, true);
    rig.wait(seconds(3));
    assertThat(client.told).isEmpty();
    rig.wait(seconds(4));
    assertThat(client.told).containsExactly("1 408.");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionIsIdle_fromTheEndOfItsLastStreamOn(boolean multiplexed) {
    rig.multiplexed = multiplexed;
    rig.options = new StreamOptions(seconds(5), HOUR, NONE, NONE, NONE);
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.wait(seconds(3));
    rig.clients.getFirst().answer(1, true);
    rig.wait(seconds(4));
    assertThat(rig.wire().isClosing()).isFalse();
    rig.wait(seconds(5));
    assertThat(rig.wire().isClosing()).isTrue();
  }

  @Test
  void aConnectionIsNotIdle_whileAStreamIsOpen() {
    rig.options = new StreamOptions(seconds(5), HOUR, NONE, NONE, NONE);
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    client.ask(3, true);
    rig.clients.getFirst().answer(2, true);
    rig.wait(seconds(6));
    assertThat(rig.wire().isClosing()).isFalse();
  }

  @Test
  void aConnectionOfGreatAgeIsToldSo_whateverIsOpen() {
    rig.options = new StreamOptions(HOUR, HOUR, NONE, NONE, seconds(8));
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.wait(seconds(7));
    assertThat(client.told).isEmpty();
    rig.wait(seconds(8));
    assertThat(client.told).containsExactly("goodbye");
  }

  @Test
  void shorterTimesCountAtOnce_whenTheyArePublished() {
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.wait(seconds(3));
    rig.options = new StreamOptions(HOUR, SECOND, NONE, NONE, NONE);
    rig.publish();
    rig.wait(seconds(3.1));
    assertThat(client.told).containsExactly("1 504.");
  }

  @Test
  void aHeadThatComesByteByByteTimesOut() {
    rig.multiplexed = false;
    rig.options = new StreamOptions(HOUR, HOUR, seconds(4), NONE, NONE);
    ScriptedCodec client = rig.client();
    for (int i = 1; i < 4; i++) {
      rig.wire().received(Unpooled.copiedBuffer(new byte[] {'x'}));
      rig.wait(seconds(i));
      assertThat(rig.wire().isClosing()).isFalse();
    }
    rig.wire().received(Unpooled.copiedBuffer(new byte[] {'x'}));
    rig.wait(seconds(4));
    assertThat(client.told).isEmpty();
    assertThat(rig.wire().isClosing()).isTrue();
  }

  @Test
  void aTimeTooLongToCountIsNone() {
    Duration ages = Duration.ofDays(400_000);
    rig.options = new StreamOptions(ages, ages, ages, ages, ages);
    rig.route = StreamRig.route(ages, ages);
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.wait(seconds(40));
    assertThat(client.told).isEmpty();
    assertThat(rig.wire().isClosing()).isFalse();
  }
}
