package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.CodecRehearsal;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.Leg;
import dev.osprey.testkit.Relay;
import dev.osprey.testkit.TrackingAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What leaves keeps the rules, in both roles, whatever came: the corpus and large messages. */
class WrittenFramesTest {
  private static final CodecPlan PLAN =
      new Http2Factory()
          .plan(
              ConfigNodes.json("{\"allow_connect\": true, \"hpack_table_size\": 1000}"),
              new FakePlanContext("1.0.0"));
  private static final List<Side> SIDES = sides();

  /** What one end wrote on one connection. */
  private record Side(String name, boolean client, byte[] bytes, List<WrittenFrame> frames) {}

  private static List<Side> sides() {
    List<Side> sides = new ArrayList<>();
    for (CodecRehearsal one : Corpus.rehearsals()) {
      sides.addAll(play(one.name(), one.request(), one.response()));
    }
    sides.addAll(
        play("large", large(FrameBytes.client(), false), large(FrameBytes.server(), true)));
    return sides;
  }

  private static byte[] large(FrameBytes bytes, boolean answer) {
    String[] many = {"large", "x".repeat(40_000), "+more", "y".repeat(5_000)};
    String[] fields =
        answer
            ? new String[] {":status", "200", many[0], many[1], many[2], many[3]}
            : FrameBytes.request("POST", "/", many);
    bytes.headInParts(1, false, 16_000, fields);
    for (int i = 0; i < 3; i++) {
      bytes.data(1, "z".repeat(16_384), false);
    }
    return bytes.headInParts(1, true, 16_000, "sum", "s".repeat(20_000)).toBytes();
  }

  private static List<Side> play(String name, byte[] request, byte[] response) {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay = new Relay(PLAN, alloc);
    relay.fromClient(request);
    relay.fromUpstream(response);
    relay.lost();
    alloc.assertNothingLeaks();
    List<Side> sides = new ArrayList<>();
    sides.add(side(name + ", to the client", false, relay.server()));
    for (Leg leg : relay.clients()) {
      sides.add(side(name + ", to the upstream", true, leg));
    }
    return sides;
  }

  private static Side side(String name, boolean client, Leg leg) {
    byte[] bytes = leg.recording().output();
    return new Side(name, client, bytes, WrittenFrame.of(bytes));
  }

  @Test
  void beginWithThePrefaceOfTheirRole_thenAcknowledge() {
    assertThat(SIDES).hasSizeGreaterThan(15);
    for (Side side : SIDES) {
      String text = new String(side.bytes, StandardCharsets.ISO_8859_1);
      assertThat(text.startsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).isEqualTo(side.client);
      WrittenFrame first = side.frames.getFirst();
      assertThat(first.type()).as(side.name).isEqualTo(Frames.SETTINGS);
      assertThat(first.has(Frames.ACK)).as(side.name).isFalse();
      assertThat(side.frames)
          .as(side.name)
          .anyMatch(it -> it.type() == Frames.SETTINGS && it.has(Frames.ACK));
    }
  }

  @Test
  void haveOnlyDefinedTypesAndFlags_andNoReservedBit() {
    int[] flags = new int[10];
    flags[Frames.DATA] = Frames.END_STREAM;
    flags[Frames.HEADERS] = Frames.END_STREAM | Frames.END_HEADERS;
    flags[Frames.CONTINUATION] = Frames.END_HEADERS;
    flags[Frames.SETTINGS] = Frames.ACK;
    flags[Frames.PING] = Frames.ACK;
    for (Side side : SIDES) {
      for (WrittenFrame frame : side.frames) {
        assertThat(frame.type())
            .as(side.name)
            .isLessThan(flags.length)
            .isNotIn(Frames.PRIORITY, Frames.PUSH_PROMISE);
        assertThat(frame.flags() & ~flags[frame.type()]).as(side.name).isZero();
        assertThat(frame.reserved()).as(side.name).isFalse();
      }
    }
  }

  @Test
  void haveTheSizeOfTheirType_andTheStreamItNeeds() {
    for (Side side : SIDES) {
      for (WrittenFrame frame : side.frames) {
        assertThat(frame.length()).as(side.name).isLessThanOrEqualTo(20_000);
        boolean ofConnection =
            switch (frame.type()) {
              case Frames.SETTINGS -> {
                assertThat(frame.has(Frames.ACK) ? frame.length() : frame.length() % 6).isZero();
                yield true;
              }
              case Frames.PING -> {
                assertThat(frame.length()).isEqualTo(8);
                yield true;
              }
              case Frames.GOAWAY -> {
                assertThat(frame.length()).isGreaterThanOrEqualTo(8);
                assertThat(frame.number(0)).isNotNegative();
                yield true;
              }
              case Frames.WINDOW_UPDATE -> {
                assertThat(frame.length()).isEqualTo(4);
                assertThat(frame.number(0)).isPositive();
                yield frame.stream() == 0;
              }
              case Frames.RST_STREAM -> {
                assertThat(frame.length()).isEqualTo(4);
                yield false;
              }
              default -> false;
            };
        assertThat(frame.stream() == 0).as(side.name).isEqualTo(ofConnection);
      }
    }
  }

  @Test
  void keepFieldBlocksTogether() {
    int continued = 0;
    for (Side side : SIDES) {
      int open = 0;
      for (WrittenFrame frame : side.frames) {
        boolean continues = frame.type() == Frames.CONTINUATION;
        assertThat(continues).as(side.name).isEqualTo(open != 0);
        if (continues) {
          assertThat(frame.stream()).as(side.name).isEqualTo(open);
          continued++;
        }
        if (continues || frame.type() == Frames.HEADERS) {
          open = frame.has(Frames.END_HEADERS) ? 0 : frame.stream();
        }
      }
      assertThat(open).as(side.name).isZero();
    }
    assertThat(continued).isGreaterThan(4);
  }

  @Test
  void openOddAndGrowingStreams_andLeaveIdleOnesAlone() {
    for (Side side : SIDES) {
      int last = 0;
      for (WrittenFrame frame : side.frames) {
        if (frame.stream() != 0 && side.client) {
          assertThat(frame.stream() % 2).as(side.name).isEqualTo(1);
          if (frame.stream() > last) {
            assertThat(frame.type()).as(side.name).isEqualTo(Frames.HEADERS);
            last = frame.stream();
          }
        }
      }
    }
  }

  @Test
  void carryNothingBehindTheEndOfAStream() {
    for (Side side : SIDES) {
      Set<Integer> ended = new HashSet<>();
      Set<Integer> reset = new HashSet<>();
      for (WrittenFrame frame : side.frames) {
        int stream = frame.stream();
        assertThat(reset).as(side.name).doesNotContain(stream);
        switch (frame.type()) {
          case Frames.RST_STREAM -> reset.add(stream);
          case Frames.HEADERS, Frames.DATA -> {
            assertThat(ended).as(side.name).doesNotContain(stream);
            if (frame.has(Frames.END_STREAM)) {
              ended.add(stream);
            }
          }
          default -> {}
        }
      }
    }
  }

  @Test
  void announceSettingsInTheirRange() {
    for (Side side : SIDES) {
      for (WrittenFrame frame : side.frames) {
        if (frame.type() != Frames.SETTINGS) {
          continue;
        }
        for (int at = 0; at < frame.length(); at += Frames.SETTING_BYTES) {
          int id = frame.number(at) >>> 16;
          long value = frame.number(at + 2) & 0xffffffffL;
          assertThat(isInRange(id, value, side.client))
              .as("%s: %d=%d", side.name, id, value)
              .isTrue();
        }
      }
    }
  }

  private static boolean isInRange(int id, long value, boolean client) {
    return switch (id) {
      case PeerSettings.HEADER_TABLE_SIZE, PeerSettings.MAX_HEADER_LIST_SIZE -> true;
      case PeerSettings.MAX_CONCURRENT_STREAMS -> value > 0;
      case PeerSettings.INITIAL_WINDOW_SIZE ->
          value >= Frames.FIRST_WINDOW && value <= Frames.MAX_WINDOW;
      case PeerSettings.MAX_FRAME_SIZE ->
          value >= Frames.FIRST_FRAME_SIZE && value <= Frames.MAX_FRAME_SIZE;
      // A client says that it wants no pushes; a server says nothing of them.
      case PeerSettings.ENABLE_PUSH -> client && value == 0;
      case PeerSettings.ENABLE_CONNECT_PROTOCOL -> !client && value == 1;
      default -> false;
    };
  }

  @Test
  void clientsRefusePushesFromTheBegin() {
    for (Side side : SIDES) {
      if (side.client) {
        assertThat(side.frames.getFirst().payload())
            .as(side.name)
            .containsSequence(0, PeerSettings.ENABLE_PUSH, 0, 0, 0, 0);
      }
    }
  }

  @Test
  void haveBlocksThatKeepTheRulesOfMessages_andFillNoTable() {
    int blocks = 0;
    for (Side side : SIDES) {
      DecoderTable table = new DecoderTable(DecoderTable.FIRST_CAPACITY);
      HpackDecoder decoder = new HpackDecoder(table);
      Map<Integer, Boolean> heads = new HashMap<>();
      boolean first = true;
      for (Map.Entry<Integer, byte[]> entry : blocks(side)) {
        byte[] bytes = entry.getValue();
        assertThat(bytes[0] == 0x20).as(side.name).isEqualTo(first);
        first = false;
        FieldBlock block = new FieldBlock(1 << 20, 1000, 4);
        boolean trailers = heads.getOrDefault(entry.getKey(), false);
        block.begin(
            trailers
                ? FieldBlock.Kind.TRAILERS
                : side.client ? FieldBlock.Kind.REQUEST : FieldBlock.Kind.RESPONSE);
        assertThat(decoder.decode(bytes, bytes.length, block)).as(side.name).isTrue();
        assertThat(block.fault()).as(side.name).isNull();
        assertThat(table.count()).as(side.name).isZero();
        if (!trailers) {
          heads.put(entry.getKey(), side.client ? isRequest(block) : isFinal(block));
        }
        blocks++;
      }
    }
    assertThat(blocks).isGreaterThan(80);
  }

  private static boolean isRequest(FieldBlock block) {
    assertThat(block.has(Names.METHOD)).isTrue();
    assertThat(block.has(Names.SCHEME)).isTrue();
    assertThat(block.has(Names.PATH)).isTrue();
    assertThat(block.has(Names.AUTHORITY)).isTrue();
    assertThat(block.has(Names.PROTOCOL)).isFalse();
    assertThat(block.hostStart).as("no Host beside the authority").isNegative();
    return true;
  }

  private static boolean isFinal(FieldBlock block) {
    assertThat(block.has(Names.STATUS)).isTrue();
    return block.bytes()[block.starts[Names.STATUS]] != '1';
  }

  /** The field blocks in order, each with its stream. */
  private static List<Map.Entry<Integer, byte[]>> blocks(Side side) {
    List<Map.Entry<Integer, byte[]>> blocks = new ArrayList<>();
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (WrittenFrame frame : side.frames) {
      if (frame.type() == Frames.HEADERS || frame.type() == Frames.CONTINUATION) {
        block.writeBytes(frame.payload());
        if (frame.has(Frames.END_HEADERS)) {
          blocks.add(Map.entry(frame.stream(), block.toByteArray()));
          block.reset();
        }
      }
    }
    return blocks;
  }
}
