package dev.osprey.testkit;

import dev.osprey.spi.codec.CodecPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One exchange sent through a {@link Relay} in chosen pieces and with chosen swaps.
 *
 * @param plan the plan both sides begin with
 * @param exchange what is sent
 * @param cuts offsets at which the bytes of either side are cut; empty sends all at once
 * @param serverSwaps when the side that faces the client moves
 * @param clientSwaps when the side that faces the upstream moves
 */
record Trial(
    CodecPlan plan,
    Exchange exchange,
    int[] cuts,
    Leg.SwapSchedule serverSwaps,
    Leg.SwapSchedule clientSwaps) {
  private static final int MOST_PIECES = 1_000;

  static Trial of(CodecPlan plan, Exchange exchange) {
    return new Trial(plan, exchange, new int[0], Leg.SwapSchedule.NEVER, Leg.SwapSchedule.NEVER);
  }

  Trial cutAt(int... offsets) {
    return new Trial(plan, exchange, offsets, serverSwaps, clientSwaps);
  }

  /** In single bytes; in {@link #MOST_PIECES} pieces when there are more bytes than that. */
  Trial byteByByte() {
    int length = Math.max(exchange.request().length, exchange.response().length);
    return cutAt(offsets(length, MOST_PIECES));
  }

  /** The numbers from 0 to {@code end}, exclusive, or {@code most} of them spread evenly. */
  static int[] offsets(int end, int most) {
    int step = Math.max(1, (end + most - 1) / most);
    return IntStream.iterate(0, at -> at < end, at -> at + step).toArray();
  }

  Trial swapping(Leg.SwapSchedule server, Leg.SwapSchedule client) {
    return new Trial(plan, exchange, cuts, server, client);
  }

  /** Runs it to its end, checks that both sides come to rest and that nothing leaks. */
  Outcome run() {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay = new Relay(plan, alloc).swapping(serverSwaps, clientSwaps);
    steps(relay).forEach(Runnable::run);
    Outcome outcome = Outcome.of(relay);
    checkRest(relay);
    relay.lost();
    alloc.assertNothingLeaks();
    return outcome;
  }

  /** What has to be done one after the other. */
  List<Runnable> steps(Relay relay) {
    List<Runnable> steps = new ArrayList<>();
    pieces(exchange.request(), cuts).forEach(piece -> steps.add(() -> relay.fromClient(piece)));
    pieces(exchange.response(), cuts).forEach(piece -> steps.add(() -> relay.fromUpstream(piece)));
    if (exchange.upstreamEnds()) {
      steps.add(relay::upstreamEnds);
    }
    return steps;
  }

  static List<byte[]> pieces(byte[] bytes, int... cuts) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      if (cut > from && cut < bytes.length) {
        pieces.add(Arrays.copyOfRange(bytes, from, cut));
        from = cut;
      }
    }
    pieces.add(Arrays.copyOfRange(bytes, from, bytes.length));
    return pieces;
  }

  private void checkRest(Relay relay) {
    List<Leg> legs = new ArrayList<>(relay.clients());
    legs.add(relay.server());
    for (Leg leg : legs) {
      boolean gone = leg.isClosed() || leg.recording().tunnel() != 0;
      // One that carries many streams has tables and settings to keep, and is never at rest.
      boolean rests = plan.isMultiplexed() || leg.isAtRest();
      if (!gone && (!rests || leg.recording().hasOpenStreams())) {
        throw new AssertionError(
            exchange.name() + ": not at rest after the exchange: " + leg.recording().events());
      }
    }
  }

  /**
   * What came out.
   *
   * @param requests what the side that faces the client reported
   * @param responses what the side that faces the upstream reported
   * @param upstream bytes sent to the upstream, in hex
   * @param downstream bytes sent to the client, in hex
   * @param serverCalls calls of the codec that faces the client
   * @param clientCalls calls of the first codec that faces the upstream
   */
  record Outcome(
      List<Event> requests,
      List<Event> responses,
      String upstream,
      String downstream,
      int serverCalls,
      int clientCalls) {

    static Outcome of(Relay relay) {
      HexFormat hex = HexFormat.of();
      return new Outcome(
          Event.normal(relay.server().recording().events()),
          Event.normal(relay.upstreamEvents()),
          hex.formatHex(relay.upstreamOutput()),
          hex.formatHex(relay.server().recording().output()),
          relay.server().calls(),
          relay.clients().isEmpty() ? 0 : relay.clients().getFirst().calls());
    }

    byte[] upstreamBytes() {
      return HexFormat.of().parseHex(upstream);
    }

    byte[] downstreamBytes() {
      return HexFormat.of().parseHex(downstream);
    }
  }
}
