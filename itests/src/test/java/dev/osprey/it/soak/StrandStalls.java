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
 * @param changeSeconds how long those windows were together
 * @param control the longest wait of each quiet time, in milliseconds, sorted
 * @param controlSeconds how long those were together
 */
record StrandStalls(
    List<Double> change, double changeSeconds, List<Double> control, double controlSeconds) {
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
        seconds(measured.values(), "change_millis"),
        sorted(measured.values(), "control_longest_micros"),
        seconds(measured.values(), "control_millis"));
  }

  String changes() {
    return text(change, changeSeconds);
  }

  String controls() {
    return text(control, controlSeconds);
  }

  private static List<Double> sorted(Collection<JsonObject> all, String key) {
    return all.stream()
        .filter(one -> one.has(key))
        .map(one -> one.get(key).getAsDouble() / 1000)
        .sorted()
        .toList();
  }

  private static double seconds(Collection<JsonObject> all, String key) {
    return all.stream().filter(one -> one.has(key)).mapToLong(one -> one.get(key).getAsLong()).sum()
        / 1000.0;
  }

  private static String text(List<Double> sorted, double seconds) {
    if (sorted.isEmpty()) {
      return "none measured";
    }
    return String.format(
        Locale.ROOT,
        "median %.1f ms, longest %.1f ms, %d of %d above 10 ms, in %.0f s",
        sorted.get(sorted.size() / 2),
        sorted.getLast(),
        sorted.stream().filter(it -> it > LIMIT_MILLIS).count(),
        sorted.size(),
        seconds);
  }
}
