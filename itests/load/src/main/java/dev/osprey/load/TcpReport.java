package dev.osprey.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a {@link TcpLoad} has seen.
 *
 * @param exchanges messages answered rightly
 * @param open connections still in use
 */
public record TcpReport(
    long exchanges,
    int open,
    Map<FailureKind, Long> failures,
    List<String> examples,
    Latencies.Summary latencies,
    Duration took) {
  /** Whether nothing at all went wrong. */
  public boolean isPerfect() {
    return failures.isEmpty();
  }
}
