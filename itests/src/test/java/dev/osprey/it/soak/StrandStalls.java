package dev.osprey.it.soak;

import com.google.gson.JsonObject;
import dev.osprey.it.harness.Report;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the host says of its strands, over all swaps: how long they waited while a change was made,
 * and at a quiet time of the same length.
 *
 * @param change the longest wait of each change, in milliseconds, sorted
 * @param control the longest wait of each quiet time, in milliseconds, sorted
 */
record StrandStalls(List<Double> change, List<Double> control) {
  private static final double LIMIT_MILLIS = 10;

  StrandStalls {
    change = List.copyOf(change);
    control = List.copyOf(control);
  }

  /** Of the reports after a number; where there are several with a number, the last counts. */
  static StrandStalls of(List<Report> reports, long after) {
    Map<Long, JsonObject> measured = new TreeMap<>();
    for (Report report : reports) {
      if (report.number() > after && report.json().has("strand_stalls")) {
        measured.put(report.number(), report.json().getAsJsonObject("strand_stalls"));
      }
    }
    return new StrandStalls(
        sorted(measured.values(), "change_longest_micros"),
        sorted(measured.values(), "control_longest_micros"));
  }

  String changes() {
    return text(change);
  }

  String controls() {
    return text(control);
  }

  private static List<Double> sorted(Collection<JsonObject> all, String key) {
    return all.stream()
        .filter(one -> one.has(key))
        .map(one -> one.get(key).getAsDouble() / 1000)
        .sorted()
        .toList();
  }

  private static String text(List<Double> sorted) {
    if (sorted.isEmpty()) {
      return "none measured";
    }
    return String.format(
        Locale.ROOT,
        "median %.1f ms, longest %.1f ms, %d of %d above 10 ms",
        sorted.get(sorted.size() / 2),
        sorted.getLast(),
        sorted.stream().filter(it -> it > LIMIT_MILLIS).count(),
        sorted.size());
  }
}
