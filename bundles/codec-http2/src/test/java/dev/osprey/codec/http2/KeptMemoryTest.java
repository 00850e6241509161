package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.http.common.Bytes;
import dev.osprey.spi.message.Provenance;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import org.junit.jupiter.api.Test;

/** What a connection keeps once large messages have gone by. */
class KeptMemoryTest {
  private static final int LITTLE = 4096;

  /** What an idle connection may take, an empty table of HPACK included. */
  private static final int IDLE = 8 * 1024;

  private static final Provenance OWN = new FakePlanContext("1.0.0").provenance();

  private static State state() {
    return new State(Http2Config.from(ConfigNodes.json("{}")));
  }

  @Test
  void keepsNoLargeHeadWithAStreamThatIsUsedAgain() {
    State state = state();
    Stream first = state.open(1);
    first.request().fields().begin(OWN, 60_000);
    first.response().fields().begin(OWN, 60_000);
    state.forget(first);

    Stream next = state.open(3);

    assertThat(next).isSameAs(first);
    assertThat(next.request().fields().bytes()).hasSizeLessThanOrEqualTo(LITTLE);
    assertThat(next.response().fields().bytes()).hasSizeLessThanOrEqualTo(LITTLE);
  }

  @Test
  void keepsHeadsOfUsualSize() {
    State state = state();
    Stream first = state.open(1);
    var head = first.request();
    state.forget(first);
    assertThat(state.open(3).request()).isSameAs(head);
  }

  @Test
  void keepsNoLargeBlock() {
    FieldBlock block = new FieldBlock(100_000, 1_000, 4);
    block.begin(FieldBlock.Kind.REQUEST);
    for (int i = 0; i < 500; i++) {
      int start = block.used();
      byte[] field = Bytes.of("name" + "v".repeat(100));
      block.append(field, 0, field.length);
      block.commit(start, start + 4, Names.PLAIN, true);
    }
    assertThat(block.bytes().length).isGreaterThan(50_000);
    block.shrink();
    assertThat(block.bytes()).hasSizeLessThanOrEqualTo(LITTLE);
  }

  @Test
  void forgetsAStreamTwice_andOneThatWasNeverThere() {
    State state = state();
    Stream stream = state.open(1);
    state.streams.remove(new Stream());
    assertThat(state.streams.size()).isEqualTo(1);
    state.release();
    assertThat(stream.id).isZero();
    state.streams.remove(stream);
    assertThat(state.streams.size()).isZero();
  }

  @Test
  void keepsLittle_whenABurstIsOver() {
    String large = "v".repeat(1_500);
    for (int round = 0; round < 2; round++) {
      try (Rig rig = Rig.server()) {
        int first = 1 + 200 * round;
        for (int id = first; id < first + 200; id += 2) {
          rig.feed(FrameBytes.none().post(id, "/" + large, "a", large));
        }
        assertThat(rig.footprint()).isGreaterThan(300_000);
        for (int id = first; id < first + 200; id += 2) {
          rig.feed(FrameBytes.none().data(id, "body", false).head(id, true, "sum", large));
          rig.respond(id, 200, true);
        }
        assertThat(rig.state().streams.size()).isZero();
        assertThat(rig.footprint()).isLessThan(IDLE);
        rig.requests.clear();
      }
    }
  }

  @Test
  void keepsLittleOfAnUpstreamsConnection_whenABurstIsOver() {
    String large = "v".repeat(1_500);
    try (Rig rig = Rig.client()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.MAX_CONCURRENT_STREAMS, 1000));
      for (int id = 3; id < 200; id += 2) {
        rig.get();
      }
      for (int id = 1; id < 200; id += 2) {
        rig.feed(FrameBytes.none().answer(id, 200, false, "a", large, "b", large));
        rig.feed(FrameBytes.none().head(id, true, "sum", large));
      }
      assertThat(rig.footprint()).isLessThan(IDLE);
    }
  }
}
