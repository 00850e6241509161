package dev.osprey.host.admin;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.osprey.host.stats.Stats;
import java.util.Map;
import java.util.TreeMap;

/** The statistics as text or JSON. */
final class StatsText {
  private StatsText() {}

  /**
   * All numbers.
   *
   * @param failures what the fence caught, by counter name
   */
  static String of(Stats stats, Map<String, Long> failures, boolean json) {
    Map<String, Long> counters = new TreeMap<>(stats.counters());
    counters.putAll(failures);
    return json ? json(counters, stats) : text(counters, stats);
  }

  private static String json(Map<String, Long> counts, Stats stats) {
    JsonObject counters = new JsonObject();
    counts.forEach(counters::addProperty);
    JsonObject latencies = new JsonObject();
    Gson gson = new Gson();
    stats.latencies().forEach((name, latency) -> latencies.add(name, gson.toJsonTree(latency)));
    JsonObject all = new JsonObject();
    all.add("counters", counters);
    all.add("latencies_micros", latencies);
    return Table.pretty(all);
  }

  private static String text(Map<String, Long> counts, Stats stats) {
    Table counters = new Table("counter", "value");
    counts.forEach(counters::row);
    Table latencies =
        new Table("latency (microseconds)", "count", "p50", "p90", "p99", "p999", "max");
    stats
        .latencies()
        .forEach((name, it) ->
            latencies.row(name, it.count(), it.p50(), it.p90(), it.p99(), it.p999(), it.max()));
    return counters.print(false) + "\n" + latencies.print(false);
  }
}
