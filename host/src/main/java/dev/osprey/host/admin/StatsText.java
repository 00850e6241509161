package dev.osprey.host.admin;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.osprey.host.stats.Stats;

/** The statistics as text or JSON. */
final class StatsText {
  private StatsText() {}

  static String of(Stats stats, boolean json) {
    return json ? json(stats) : text(stats);
  }

  private static String json(Stats stats) {
    JsonObject counters = new JsonObject();
    stats.counters().forEach(counters::addProperty);
    JsonObject latencies = new JsonObject();
    Gson gson = new Gson();
    stats.latencies().forEach((name, latency) -> latencies.add(name, gson.toJsonTree(latency)));
    JsonObject all = new JsonObject();
    all.add("counters", counters);
    all.add("latencies_micros", latencies);
    return Table.pretty(all);
  }

  private static String text(Stats stats) {
    Table counters = new Table("counter", "value");
    stats.counters().forEach(counters::row);
    Table latencies =
        new Table("latency (microseconds)", "count", "p50", "p90", "p99", "p999", "max");
    stats
        .latencies()
        .forEach((name, it) ->
            latencies.row(name, it.count(), it.p50(), it.p90(), it.p99(), it.p999(), it.max()));
    return counters.print(false) + "\n" + latencies.print(false);
  }
}
