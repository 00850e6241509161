package dev.osprey.testkit;

import dev.osprey.spi.codec.CodecPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Sends spoilt copies of a corpus, and noise, through a relay; swaps at random. All of it follows
 * from the seed.
 */
final class Garbage {
  private static final int ROUNDS = 200;
  private static final long[] SEEDS = {1, 2, 3, 0xC0FFEE, 20260101};

  private final long seed;
  private final Random random;
  private final CodecPlan plan;
  private final Supplier<CodecPlan> next;

  Garbage(long seed, CodecPlan plan, Supplier<CodecPlan> next) {
    this.seed = seed;
    this.random = new Random(seed);
    this.plan = plan;
    this.next = next;
  }

  /**
   * The seeds to try: some fixed ones, and those in the resource {@code NAME.seeds} beside the test
   * class, one decimal number a line, in which seeds that once found something are kept.
   */
  static List<Long> seeds(Class<?> test) {
    List<Long> seeds = new ArrayList<>(Arrays.stream(SEEDS).boxed().toList());
    try (InputStream file = test.getResourceAsStream(test.getSimpleName() + ".seeds")) {
      if (file != null) {
        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .forEach(line -> seeds.add(Long.valueOf(line.strip())));
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return seeds;
  }

  void run(List<Exchange> corpus) {
    for (int round = 0; round < ROUNDS; round++) {
      Exchange exchange = corpus.get(random.nextInt(corpus.size()));
      try {
        round(exchange);
      } catch (RuntimeException | Error thrown) {
        throw new AssertionError(
            "seed " + seed + ", round " + round + ", " + exchange.name() + ": " + thrown, thrown);
      }
    }
  }

  private void round(Exchange exchange) {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay = new Relay(plan, alloc);
    boolean spoilsRequest = random.nextBoolean();
    byte[] request = spoilsRequest ? spoilt(exchange.request()) : exchange.request();
    byte[] response = spoilsRequest ? exchange.response() : spoilt(exchange.response());
    for (byte[] piece : pieces(request)) {
      relay.fromClient(piece);
      maybeSwap(relay);
    }
    for (byte[] piece : pieces(response)) {
      relay.fromUpstream(piece);
      maybeSwap(relay);
    }
    if (random.nextBoolean()) {
      relay.upstreamEnds();
    }
    if (random.nextBoolean()) {
      relay.clientEnds();
    }
    relay.lost();
    alloc.assertNothingLeaks();
  }

  private void maybeSwap(Relay relay) {
    if (random.nextInt(4) == 0) {
      relay.server().swapTo(next.get());
    }
    if (random.nextInt(4) == 0) {
      relay.clients().forEach(leg -> leg.swapTo(next.get()));
    }
  }

  private List<byte[]> pieces(byte[] bytes) {
    int[] cuts = random.ints(random.nextInt(5), 0, bytes.length + 1).sorted().toArray();
    return Trial.pieces(bytes, cuts);
  }

  private byte[] spoilt(byte[] good) {
    if (random.nextInt(8) == 0) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] bytes = good;
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes = spoiltOnce(bytes);
    }
    return bytes;
  }

  private byte[] spoiltOnce(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    int length = random.nextInt(Math.min(16, bytes.length - at) + 1);
    return switch (random.nextInt(4)) {
      case 0 -> flipped(bytes, at);
      case 1 -> joined(Arrays.copyOf(bytes, at), from(bytes, at + length));
      case 2 -> joined(Arrays.copyOf(bytes, at + length), from(bytes, at));
      default -> joined(flipped(Arrays.copyOf(bytes, at + 1), at), from(bytes, at));
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] =
        (byte) (random.nextBoolean() ? copy[at] ^ (1 << random.nextInt(8)) : random.nextInt());
    return copy;
  }

  private static byte[] from(byte[] bytes, int at) {
    return Arrays.copyOfRange(bytes, at, bytes.length);
  }

  private static byte[] joined(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }
}
