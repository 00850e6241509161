package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.Event;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.Relay;
import dev.osprey.testkit.TrackingAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Any sequence of frames means the same however it is cut and whenever the codecs move. */
class SequencesTest {
  private static final CodecPlan OLD = plan("1.0.0");
  private static final CodecPlan NEW = plan("1.0.1");

  private static CodecPlan plan(String version) {
    return new Http2Factory()
        .plan(ConfigNodes.json("{\"generate_request_id\": false}"), new FakePlanContext(version));
  }

  @Property(tries = 300)
  void meansTheSame_cutAndMoved(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 18) Integer> request,
      @ForAll @Size(max = 30) List<@IntRange(min = 0, max = 18) Integer> response,
      @ForAll long seed) {
    byte[] up = frames(FrameBytes.client(), request, false);
    byte[] down = frames(FrameBytes.server(), response, true);

    List<String> whole = play(up, down, null);
    assertThat(play(up, down, new Random(seed))).isEqualTo(whole);
  }

  /** One frame or message a number; streams are those that exist, and now and then one that not. */
  private static byte[] frames(FrameBytes bytes, List<Integer> kinds, boolean server) {
    int next = 1;
    int place = 0;
    for (int kind : kinds) {
      int stream = Math.max(1, next - 2 - 2 * (place++ % 3));
      switch (kind) {
        case 0 -> {
          head(bytes, next, true, server);
          next += 2;
        }
        case 1, 2 -> {
          head(bytes, next, false, server);
          next += 2;
        }
        case 3, 4 -> bytes.data(stream, "body of " + place, false);
        case 5 -> bytes.data(stream, "end", true);
        case 6 -> bytes.padded(stream, "padded", 5, false);
        case 7 -> bytes.head(stream, true, "sum", "x");
        case 8 -> bytes.reset(stream, ErrorCode.CANCEL);
        case 9 -> bytes.window(stream, 3);
        case 10 -> bytes.settings(PeerSettings.INITIAL_WINDOW_SIZE, 5 + place);
        case 11 -> bytes.ping(false, place);
        case 12 -> bytes.window(0, 100);
        case 13 -> bytes.goaway(place % 2 == 0 ? Frames.MAX_STREAM : stream, ErrorCode.NO_ERROR);
        case 14 -> bytes.frame(Frames.PRIORITY, 0, stream, new byte[Frames.PRIORITY_BYTES]);
        case 15, 16, 17 -> broken(bytes, kind, next, place, server);
        default -> bytes.frame(77, 0, stream, (byte) 1);
      }
    }
    return bytes.toBytes();
  }

  /** What ends the connection; seldom, so that most sequences go on. */
  private static void broken(FrameBytes bytes, int kind, int next, int place, boolean server) {
    int stream = server ? 1 : next;
    if (place % 5 != 0) {
      bytes.data(1, "x", false);
    } else if (kind == 15) {
      bytes.frame(Frames.PUSH_PROMISE, Frames.END_HEADERS, stream, new byte[4]);
    } else if (kind == 16) {
      // An index of an entry that is not there.
      bytes.frame(Frames.HEADERS, Frames.END_HEADERS, stream, (byte) 0xff, (byte) 0x50);
    } else {
      // A string that ends before its length.
      bytes.frame(Frames.HEADERS, 0, stream, (byte) 0x40, (byte) 0x05, (byte) 'a');
      bytes.frame(Frames.CONTINUATION, Frames.END_HEADERS, stream, (byte) 'b');
    }
  }

  private static void head(FrameBytes bytes, int stream, boolean end, boolean server) {
    String[] fields =
        server
            ? new String[] {":status", "200", "+a" + stream, "b"}
            : FrameBytes.request("POST", "/" + stream, "+a" + stream, "b");
    bytes.headInParts(stream, end, 11, fields);
  }

  /** What was reported on both sides; cut and moved by {@code random}, whole without. */
  private static List<String> play(
      byte[] up, byte[] down, @org.jspecify.annotations.Nullable Random random) {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay = new Relay(OLD, alloc);
    feed(relay, up, random, true);
    feed(relay, down, random, false);
    relay.lost();
    alloc.assertNothingLeaks();
    List<Event> events =
        new java.util.ArrayList<>(Event.normal(relay.server().recording().events()));
    events.addAll(Event.normal(relay.upstreamEvents()));
    return events.stream().map(Event::toString).toList();
  }

  private static void feed(
      Relay relay, byte[] bytes, @org.jspecify.annotations.Nullable Random random, boolean client) {
    int at = 0;
    while (at < bytes.length) {
      int length = random == null ? bytes.length : 1 + random.nextInt(30);
      byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + length));
      at += piece.length;
      if (client) {
        relay.fromClient(piece);
      } else {
        relay.fromUpstream(piece);
      }
      if (random != null && random.nextInt(3) == 0) {
        relay.server().swapTo(random.nextBoolean() ? OLD : NEW);
        relay.clients().forEach(leg -> leg.swapTo(NEW));
      }
    }
  }
}
