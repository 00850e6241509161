package dev.osprey.launcher;

import java.time.Duration;
import java.util.IntSummaryStatistics;
import java.util.Locale;

/**
 * What a run of the swap demonstration came to.
 *
 * @param wanted swaps asked for
 * @param done swaps in which the new version took over
 * @param tally what the clients saw
 * @param changes changes of version that each kept connection saw
 * @param downloadedLines lines of the downloads, 0 if they failed
 * @param allEnded whether every client could finish its last exchange
 * @param exit the instance's exit code after SIGTERM
 */
record SwapDemoSummary(
    int wanted,
    int done,
    Tally tally,
    IntSummaryStatistics changes,
    int downloadedLines,
    boolean allEnded,
    int exit) {
  boolean isPerfect() {
    return done == wanted
        && tally.failedExchanges() == 0
        && tally.lostConnections() == 0
        && changes.getMin() >= wanted
        && downloadedLines > 0
        && allEnded
        && exit == 0;
  }

  String text() {
    StringBuilder text = new StringBuilder("\n");
    Latencies before = tally.beforeSwaps();
    Latencies during = tally.duringSwaps();
    line(text, "swaps", done + " of " + wanted);
    line(text, "requests", String.format(Locale.ROOT, "%,d", tally.requests()));
    line(text, "failed exchanges", Long.toString(tally.failedExchanges()));
    line(text, "lost connections", Long.toString(tally.lostConnections()));
    line(text, "versions seen", String.join(", ", tally.versions()));
    line(text, "changes of version", changesText());
    line(text, "downloads", downloadedLines + " lines, whole and in order");
    line(text, "p99", pair(before.quantile(0.99), during.quantile(0.99)));
    line(text, "longest stall", pair(before.longest(), during.longest()));
    line(text, "end by SIGTERM", "exit code " + exit);
    tally.examples().forEach(example -> text.append("  ! ").append(example).append('\n'));
    text.append(isPerfect() ? "\nNothing was lost.\n" : "\nThis run was not perfect.\n");
    return text.toString();
  }

  private String changesText() {
    return "%d to %d on each of %d connections"
        .formatted(changes.getMin(), changes.getMax(), changes.getCount());
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("  %-20s".formatted(name)).append(value).append('\n');
  }

  private static String pair(Duration before, Duration during) {
    return millis(before) + " before, " + millis(during) + " during the swaps";
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }
}
