package dev.osprey.spi.route;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.RequestHead;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** A pure function from a request head to a decision. Called from many strands at once. */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface RouterPlan {
  /**
   * Decides. Does not change the head.
   *
   * @param random any number, for weighted choices; evenly spread over all ints
   */
  RouteDecision route(RequestHead head, int random);

  /**
   * How long the whole stream may take, from its beginning to the end of the answer; zero: for
   * ever. Asked once for each request that goes to a cluster, since a request may say so itself.
   * Does not change the head.
   *
   * @param decision what {@link #route} has answered for this head
   */
  default Duration maxDuration(RequestHead head, RouteDecision.Forward decision) {
    return Duration.ZERO;
  }

  /** Heads to rehearse with before a swap; every decision must be made without an exception. */
  @Runs(Runs.Where.CONTROL)
  List<RequestHead> rehearsals();
}
