package dev.osprey.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Gathers what one checking client finds; its loop's thread calls everything but {@link #outcome}.
 */
final class Check {
  private static final int MAX_PROBLEMS = 100;
  private final String client;
  private final long started = System.nanoTime();
  private final List<String> problems = new ArrayList<>();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private long exchanges;
  private long bytes;

  Check(String client) {
    this.client = client;
  }

  CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  boolean isDone() {
    return outcome.isDone();
  }

  void exchanged() {
    exchanges++;
  }

  void received(long count) {
    bytes += count;
  }

  long exchanges() {
    return exchanges;
  }

  long bytes() {
    return bytes;
  }

  void problem(String what) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(what);
    }
  }

  /** Compares received bytes with the pattern. */
  void pattern(long position, byte[] found, int from, int length) {
    int wrong = Pattern.mismatch(position, found, from, length);
    if (wrong >= 0) {
      problem("byte " + (position + wrong) + " is wrong");
    }
    bytes += length;
  }

  void finish() {
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    outcome.complete(new Outcome(client, exchanges, bytes, List.copyOf(problems), took));
  }

  void finish(String problem) {
    problem(problem);
    finish();
  }
}
