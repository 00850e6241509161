package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.http.common.Bytes;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Provenance;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.Relay;
import dev.osprey.testkit.TrackingAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The rules of RFC 7541 that concern what passes through: order, doubles, never-indexed fields. */
class HpackRulesTest {
  /** A field that must never be indexed: {@code secret: s}, as a literal of its own kind. */
  private static final byte[] NEVER = Bytes.of("\20\6secret\1s");

  private static final String NEVER_TEXT = "\20\6secret\1s";

  private static byte[] with(byte[] block, byte[] more) {
    byte[] all = java.util.Arrays.copyOf(block, block.length + more.length);
    System.arraycopy(more, 0, all, block.length, more.length);
    return all;
  }

  private static String forwarded(FrameBytes request) {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay =
        new Relay(
            new Http2Factory()
                .plan(
                    ConfigNodes.json(
                        "{\"generate_request_id\": false, \"use_remote_address\": false}"),
                    new FakePlanContext("1.0.0")),
            alloc);
    relay.fromClient(FrameBytes.client().toBytes());
    relay.fromClient(request.toBytes());
    relay.lost();
    alloc.assertNothingLeaks();
    return new String(relay.upstreamOutput(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void keepsTheOrderOfFields() {
    FrameBytes request =
        FrameBytes.none().get(1, "/", "b", "1", "+a", "2", "b", "3", "accept", "4", "c", "5");
    assertThat(forwarded(request))
        .containsSubsequence("\1b\0011", "\1a\0012", "\1b\0013", "\0014", "\1c\0015");
    try (Rig rig = Rig.server()) {
      rig.feed(request);
      assertThat(rig.events().getFirst()).contains("{b: 1, a: 2, b: 3, accept: 4, c: 5");
    }
  }

  @Test
  void takesDoubleEntries() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().get(1, "/", "+a", "b", "+a", "b", "#62", "", "#63", ""));
      assertThat(rig.events().getFirst()).contains("{a: b, a: b, a: b, a: b");
    }
  }

  @Test
  void forwardsFieldsThatMustNeverBeIndexedAsSuch() {
    byte[] head = with(FrameBytes.block(FrameBytes.request("POST", "/")), NEVER);
    String out =
        forwarded(
            FrameBytes.none()
                .frame(Frames.HEADERS, Frames.END_HEADERS, 1, head)
                .data(1, "x", false)
                .frame(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 1, NEVER));
    assertThat(out.split(NEVER_TEXT, -1)).as("in the head and in the trailers").hasSize(3);
  }

  @Test
  void forwardsThemAsSuch_whenAnotherVersionHasReadThem() {
    try (Rig rig = Rig.client()) {
      RequestHead head = Rig.request("GET");
      byte[] text = Bytes.of("/asecrets");
      System.arraycopy(text, 0, head.fields().begin(new Provenance("other"), 9), 0, 9);
      head.method("GET");
      head.path(0, 1);
      head.authority(1, 2);
      head.fields().scanned(2, 8, 8, 9, Names.NEVER_INDEXED);
      rig.leg.request(head, true);
      assertThat(rig.leg.recording().outputText()).endsWith(NEVER_TEXT);
    }
  }

  @Test
  void forwardsThemAsSuch_whenTheyWaitBehindAWindow() {
    try (Rig rig = Rig.server()) {
      rig.feed(FrameBytes.none().settings(PeerSettings.INITIAL_WINDOW_SIZE, 0).get(1, "/"));
      rig.respond(1, 200, false);
      rig.data(1, 1, false);
      Fields trailers = new Fields();
      System.arraycopy(Bytes.of("secrets"), 0, trailers.begin(new Provenance("x"), 7), 0, 7);
      trailers.scanned(0, 6, 6, 7, Names.NEVER_INDEXED);
      rig.leg.trailers(1, trailers);
      rig.leg.swapTo(rig.planOf("\"max_concurrent_streams\": 100"));
      rig.feed(FrameBytes.none().window(1, 1));
      assertThat(rig.sent()).endsWith("DATA 1 1", "HEADERS 1 end trailers");
      assertThat(rig.leg.recording().outputText()).endsWith(NEVER_TEXT);
    }
  }

  @Test
  void saysFirstThatItKeepsNoTable_whateverThePeerAllows() {
    for (int size : new int[] {0, 100, 4096, 65_536}) {
      try (Rig rig = Rig.server()) {
        rig.feed(
            FrameBytes.none()
                .settings(PeerSettings.HEADER_TABLE_SIZE, size)
                .settings(PeerSettings.HEADER_TABLE_SIZE, 50)
                .get(1, "/")
                .get(3, "/"));
        rig.respond(1, 200, true);
        rig.respond(3, 200, true);
        assertThat(rig.leg.recording().outputText())
            .contains("\5" + "\0\0\0\1" + "\40\210")
            .endsWith("\5" + "\0\0\0\3" + "\210");
      }
    }
  }
}
