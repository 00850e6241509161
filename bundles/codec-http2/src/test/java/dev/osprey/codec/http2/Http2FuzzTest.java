package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.CodecRehearsal;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.Event;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.Leg;
import dev.osprey.testkit.Reactions;
import dev.osprey.testkit.TrackingAllocator;
import io.netty.buffer.ByteBuf;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Mutated frames in both roles. Whatever comes in: nothing throws, leaks or breaks the contract,
 * and what it means depends neither on how it was cut nor on codecs that move. {@code
 * -Dosprey.fuzz.rounds=N} runs longer; {@code -Dosprey.fuzz.seed=N} starts elsewhere. What once
 * broke something is kept in {@code fuzz.txt}.
 */
class Http2FuzzTest {
  private static final int ROUNDS = Integer.getInteger("osprey.fuzz.rounds", 1_000);
  private static final long SEED = Long.getLong("osprey.fuzz.seed", 20_260_101L);
  private static final String CONFIG =
      "{\"generate_request_id\": false, \"allow_connect\": true, \"max_concurrent_streams\": 20}";
  private static final CodecPlan OLD = plan("1.0.0");
  private static final CodecPlan NEW = plan("1.0.1");

  private static CodecPlan plan(String version) {
    return new Http2Factory().plan(ConfigNodes.json(CONFIG), new FakePlanContext(version));
  }

  @Test
  void whatClientsSendMeansTheSame_cutAndMoved() {
    fuzz(true);
  }

  @Test
  void whatUpstreamsSendMeansTheSame_cutAndMoved() {
    fuzz(false);
  }

  @Test
  void whatWasKeptMeansTheSame_cutAndMoved() throws IOException {
    for (String line : kept()) {
      String[] words = line.split(" ", 2);
      check(words[0].equals("client"), HexFormat.of().parseHex(words[1]), SEED, line);
    }
  }

  private static List<String> kept() throws IOException {
    try (InputStream file =
            Objects.requireNonNull(Http2FuzzTest.class.getResourceAsStream("fuzz.txt"));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
  }

  private static void fuzz(boolean client) {
    Random random = new Random(SEED);
    List<CodecRehearsal> corpus = Corpus.rehearsals();
    for (int round = 0; round < ROUNDS; round++) {
      CodecRehearsal one = corpus.get(random.nextInt(corpus.size()));
      byte[] bytes = mutate(client ? one.request() : one.response(), client, random);
      String kept = (client ? "client " : "upstream ") + HexFormat.of().formatHex(bytes);
      check(client, bytes, random.nextLong(), "round " + round + ": " + kept);
    }
  }

  private static void check(boolean client, byte[] bytes, long seed, String what) {
    try {
      List<String> whole = play(client, bytes, null);
      assertThat(play(client, bytes, new Random(seed))).isEqualTo(whole);
    } catch (RuntimeException | AssertionError wrong) {
      throw new AssertionError(what + ": " + wrong, wrong);
    }
  }

  /** What was reported; cut and moved by {@code random}, whole without. */
  private static List<String> play(
      boolean client, byte[] bytes, @org.jspecify.annotations.Nullable Random random) {
    TrackingAllocator alloc = new TrackingAllocator();
    Leg leg = client ? Leg.server(OLD, alloc, new Drop()) : Leg.client(OLD, alloc, new Drop());
    for (int i = 0; i < 5 && !client; i++) {
      leg.request(Rig.request("GET"), true);
    }
    int at = 0;
    while (at < bytes.length && !leg.isClosed()) {
      int length = random == null ? bytes.length : 1 + random.nextInt(20);
      int end = Math.min(bytes.length, at + length);
      leg.feed(Arrays.copyOfRange(bytes, at, end));
      at = end;
      if (random != null && random.nextInt(4) == 0) {
        leg.swapTo(random.nextBoolean() ? OLD : NEW);
      }
    }
    leg.lost();
    alloc.assertNothingLeaks();
    return Event.normal(leg.recording().events()).stream().map(Event::toString).toList();
  }

  /** Nobody is interested. */
  private static final class Drop implements Reactions {
    @Override
    public void data(int stream, @Owned ByteBuf data, boolean end) {
      data.release();
    }
  }

  private static byte[] mutate(byte[] bytes, boolean client, Random random) {
    List<byte[]> frames = frames(bytes, client ? FirstBytes.LENGTH : 0);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(frames.size());
      byte[] frame = frames.get(at).clone();
      switch (random.nextInt(6)) {
        case 0 -> frames.add(random.nextInt(frames.size()), frame);
        case 1 -> frames.set(at, frames.get(random.nextInt(frames.size())));
        case 2 -> frame[3] = (byte) random.nextInt(11);
        case 3 -> frame[4] = (byte) random.nextInt(256);
        case 4 -> frame[8] = (byte) random.nextInt(12);
        default -> frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
      }
      if (frames.size() > at && random.nextInt(8) > 0) {
        frames.set(at, frame);
      }
    }
    byte[] all = Arrays.copyOf(bytes, client ? FirstBytes.LENGTH : 0);
    for (byte[] frame : frames) {
      int length = all.length;
      all = Arrays.copyOf(all, length + frame.length);
      System.arraycopy(frame, 0, all, length, frame.length);
    }
    return all;
  }

  private static List<byte[]> frames(byte[] bytes, int from) {
    List<byte[]> frames = new ArrayList<>();
    for (int at = from; at < bytes.length; ) {
      int length = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
      frames.add(Arrays.copyOfRange(bytes, at, at + Frames.HEADER_BYTES + length));
      at += Frames.HEADER_BYTES + length;
    }
    return frames;
  }
}
