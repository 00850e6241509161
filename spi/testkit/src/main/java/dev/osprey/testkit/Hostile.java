package dev.osprey.testkit;

import dev.osprey.spi.codec.CodecPlan;
import java.util.Arrays;
import java.util.List;

/** Peers that break rules, stop in the middle or never stop. */
final class Hostile {
  private static final int SLACK = 4;

  private final CodecPlan plan;

  Hostile(CodecPlan plan) {
    this.plan = plan;
  }

  void endlessRequest(CodecContract.Endless head, int bound) {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay = new Relay(plan, alloc);
    relay.fromClient(head.beginning());
    for (int sent = 0; !isRefused(relay.server()); sent += head.repeated().length) {
      checkBound(sent, bound, alloc);
      relay.fromClient(head.repeated());
    }
    end(relay, alloc);
  }

  void endlessResponse(Exchange exchange, CodecContract.Endless head, int bound) {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay = new Relay(plan, alloc);
    relay.fromClient(exchange.request());
    Leg leg = relay.clients().getLast();
    leg.feed(head.beginning());
    for (int sent = 0; !isRefused(leg); sent += head.repeated().length) {
      checkBound(sent, bound, alloc);
      leg.feed(head.repeated());
    }
    end(relay, alloc);
  }

  private static void checkBound(int sent, int bound, TrackingAllocator alloc) {
    if (sent > bound) {
      throw new AssertionError("a head of " + sent + " bytes is not refused");
    }
    if (alloc.liveBytes() > (long) SLACK * bound) {
      throw new AssertionError(alloc.liveBytes() + " bytes are held for one head");
    }
  }

  void malformedRequest(byte[] bytes) {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay = new Relay(plan, alloc);
    relay.fromClient(bytes);
    checkRefused(relay.server(), bytes);
    end(relay, alloc);
  }

  void malformedResponse(Exchange exchange, byte[] bytes) {
    TrackingAllocator alloc = new TrackingAllocator();
    Relay relay = new Relay(plan, alloc);
    relay.fromClient(exchange.request());
    Leg leg = relay.clients().getLast();
    leg.feed(bytes);
    checkRefused(leg, bytes);
    end(relay, alloc);
  }

  private static void checkRefused(Leg leg, byte[] bytes) {
    if (!isRefused(leg)) {
      throw new AssertionError(
          "not refused: "
              + new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
              + " gave "
              + leg.recording().events());
    }
  }

  private static boolean isRefused(Leg leg) {
    return leg.isClosed()
        || leg.recording().events().stream()
            .anyMatch(event ->
                event.kind() == Event.Kind.BAD_REQUEST || event.kind() == Event.Kind.RESET);
  }

  /** Cuts either side short at every byte and tells the codec so. */
  void truncated(Exchange exchange) {
    for (int length = 0; length <= exchange.request().length; length++) {
      TrackingAllocator alloc = new TrackingAllocator();
      Relay relay = new Relay(plan, alloc);
      relay.fromClient(Arrays.copyOf(exchange.request(), length));
      relay.clientEnds();
      checkNothingAwaited(exchange, length, relay.server());
      end(relay, alloc);
    }
    for (int length = 0; length <= exchange.response().length; length++) {
      TrackingAllocator alloc = new TrackingAllocator();
      Relay relay = new Relay(plan, alloc);
      relay.fromClient(exchange.request());
      relay.fromUpstream(Arrays.copyOf(exchange.response(), length));
      Leg ended = relay.clients().getLast();
      relay.upstreamEnds();
      checkNothingAwaited(exchange, length, ended);
      end(relay, alloc);
    }
  }

  /** Lets the host's patience end after every byte of a request. */
  void late(Exchange exchange) {
    for (int length = 1; length <= exchange.request().length; length++) {
      TrackingAllocator alloc = new TrackingAllocator();
      Relay relay = new Relay(plan, alloc);
      relay.fromClient(Arrays.copyOf(exchange.request(), length));
      Leg leg = relay.server();
      int before = leg.recording().events().size();
      boolean waits = leg.unreadBytes() > 0 && !leg.recording().isReceivingAny();
      if (waits && relay.clients().isEmpty() && !leg.isClosed()) {
        relay.requestTimedOut();
        checkLate(exchange, length, leg, before);
      }
      end(relay, alloc);
    }
  }

  private static void checkLate(Exchange exchange, int length, Leg leg, int before) {
    var said = leg.recording().events().stream().skip(before).toList();
    boolean refused = said.stream().anyMatch(it -> it.kind() == Event.Kind.BAD_REQUEST);
    boolean other = said.stream().anyMatch(it -> it.kind() == Event.Kind.REQUEST);
    if (other || (refused && !leg.isClosed())) {
      throw new AssertionError(
          exchange.name() + ", late after " + length + " bytes: " + leg.recording().events());
    }
  }

  private static void checkNothingAwaited(Exchange exchange, int length, Leg leg) {
    boolean over = leg.isClosed() || leg.recording().tunnel() != 0;
    if (!over && leg.recording().isReceivingAny()) {
      throw new AssertionError(
          exchange.name()
              + ", ended after "
              + length
              + " bytes: a stream waits for ever: "
              + leg.recording().events());
    }
  }

  /** Loses both connections after every byte. */
  void lostAnywhere(Exchange exchange) {
    boolean over = false;
    for (int stop = 0; !over; stop++) {
      TrackingAllocator alloc = new TrackingAllocator();
      Relay relay = new Relay(plan, alloc);
      List<Runnable> steps = Trial.of(plan, exchange).byteByByte().steps(relay);
      steps.stream().limit(stop).forEach(Runnable::run);
      end(relay, alloc);
      over = stop == steps.size();
    }
  }

  private static void end(Relay relay, TrackingAllocator alloc) {
    relay.lost();
    alloc.assertNothingLeaks();
  }
}
