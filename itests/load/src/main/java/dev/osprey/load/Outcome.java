package dev.osprey.load;

import java.time.Duration;
import java.util.List;

/**
 * How one checking client fared.
 *
 * @param client what it did, in words
 * @param exchanges complete request/answer pairs, all checked
 * @param bytes payload bytes checked
 * @param problems everything that was wrong, at most a hundred; empty means all was right
 */
public record Outcome(
    String client, long exchanges, long bytes, List<String> problems, Duration took) {

  /** Whether nothing was wrong. */
  public boolean isRight() {
    return problems.isEmpty();
  }
}
