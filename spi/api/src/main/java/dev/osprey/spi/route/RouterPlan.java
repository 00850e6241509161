package dev.osprey.spi.route;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.RequestHead;
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

  /** Heads to rehearse with before a swap; every decision must be made without an exception. */
  @Runs(Runs.Where.CONTROL)
  List<RequestHead> rehearsals();
}
