package dev.osprey.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a {@link SoakClient} has seen.
 *
 * @param sent requests written
 * @param answered requests answered rightly
 * @param pending requests on their way; 0 once the client has stopped
 * @param failures how often each kind of failure came; empty on a perfect run
 * @param examples the first failures in words
 * @param opened connections opened
 * @param longLived the connections that were never reopened
 * @param longLivedAlive how many of them nobody but this client has ended
 * @param latencies latencies in microseconds, from the intended start when a rate is set
 * @param lateness how late requests left after their intended start: the client's own error,
 *     microseconds
 * @param versions the codec versions each long-lived connection saw
 * @param took since the start
 */
public record SoakReport(
    long sent,
    long answered,
    long pending,
    Map<FailureKind, Long> failures,
    List<String> examples,
    long opened,
    int longLived,
    int longLivedAlive,
    Latencies.Summary latencies,
    LatencySummary lateness,
    List<VersionTrace> versions,
    Duration took) {

  /** Requests that were not answered rightly. */
  public long failedExchanges() {
    return sent - answered - pending;
  }

  /** Connections that the other side ended or broke. */
  public long lostConnections() {
    return failures.getOrDefault(FailureKind.LOST_CONNECTION, 0L);
  }

  /** Whether nothing at all went wrong. */
  public boolean isPerfect() {
    return failures.isEmpty() && failedExchanges() == 0;
  }

  /** Right answers per second. */
  public double throughput() {
    return answered * 1e9 / Math.max(1, took.toNanos());
  }
}
