package dev.osprey.spi.health;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.ResponseHead;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A checked, immutable health check: what is asked, and whether an answer is a good one. The host
 * asks it through the cluster's codec, and owns sockets, timers, thresholds and the state of every
 * endpoint, so that all of it survives a swap. Called from many strands at once.
 */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface HealthCheckPlan {
  /**
   * A new request for one probe.
   *
   * @param cluster the cluster's name, for a check that is told no host to ask for
   */
  Probe probe(String cluster);

  /**
   * Judges a complete answer. A pure function of what it is given.
   *
   * @param body what came of the body, cut at 64 KiB; not to be changed
   * @param trailers without fields when there were none; valid during the call
   * @return what is wrong, in a few words for a log; empty when the endpoint is well
   */
  Optional<String> fault(ResponseHead head, byte[] body, Fields trailers);
}
