package dev.osprey.it.soak;

import dev.osprey.it.harness.Report;
import dev.osprey.load.LatencySummary;
import dev.osprey.load.Outcome;
import dev.osprey.load.Residue;
import dev.osprey.load.SoakReport;
import dev.osprey.load.UpstreamCounters;
import dev.osprey.load.VersionTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a soak came to.
 *
 * @param order the versions in the order of the swaps
 * @param firstRest residue after the first probe's swaps
 * @param lastRest residue after all swaps, all long-lived connections still open
 * @param strands what the host says of its strands, after the warm-up
 */
record SoakResult(
    SoakForm form,
    SoakSubject subject,
    List<Report> swaps,
    List<String> order,
    SoakReport clients,
    List<Outcome> companions,
    UpstreamCounters upstream,
    AtRest firstRest,
    AtRest lastRest,
    StrandStalls strands) {
  private static final long MOST_GROWTH = 1 << 20;
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /** What breaks lines 1, 2, 3 or 5 of the promise, in words. */
  List<String> breaches() {
    Residue first = firstRest.residue();
    Residue last = lastRest.residue();
    List<String> found = new ArrayList<>(clients.examples());
    require(found, clients.failedExchanges() == 0, "1: failed exchanges " + clients.failures());
    companions.forEach(it -> require(found, it.isRight(), "1: " + it.client() + it.problems()));
    require(found, clients.lostConnections() == 0, "2: lost connections");
    require(found, clients.longLivedAlive() == clients.longLived(), "2: lost long connections");
    require(found, upstreamCloses() == 0, "2: upstream connections closed: " + upstream);
    for (VersionTrace trace : clients.versions()) {
      boolean seen = trace.distinct() >= form.versions() && trace.follows(order);
      require(found, seen, "3: connection " + trace.connection() + " saw " + trace.versions());
    }
    require(found, swaps.stream().allMatch(it -> it.fellBack() == 0), "3: fell back");
    // The first time with the tunnel still open: it must hold no codec either.
    require(found, factories(first) == 1, "5: codec loaders alive: " + factories(first));
    require(found, factories(last) == 1, "5: codec loaders alive: " + factories(last));
    require(found, last.bundleLoaders() <= first.bundleLoaders(), "5: class loaders grow");
    if (form.strict()) {
      long growth = last.accountedBytes() - first.accountedBytes();
      require(found, growth <= MOST_GROWTH, "5: memory grows by " + growth);
      Map<String, Integer> more = last.moreThreadsThan(first);
      require(found, last.lastingThreads() <= first.lastingThreads(), "5: threads grow: " + more);
      int elastic = last.elasticThreads() - first.elasticThreads();
      require(found, elastic <= PROCESSORS, "5: threads of the JDK's pools grow: " + more);
      int descriptors = lastRest.otherDescriptors() - firstRest.otherDescriptors();
      require(found, descriptors <= 0, "5: descriptors grow by " + descriptors);
    }
    return found;
  }

  /** The table. */
  String table() {
    StringBuilder table = new StringBuilder("\n");
    row(table, "swaps", String.format(Locale.ROOT, "%,d published", swaps.size()));
    row(
        table,
        "requests",
        String.format(Locale.ROOT, "%,d in %,d s", clients.answered(), clients.took().toSeconds()));
    row(table, "failed exchanges", String.format(Locale.ROOT, "%,d", clients.failedExchanges()));
    row(table, "lost connections", String.format(Locale.ROOT, "%,d", clients.lostConnections()));
    row(
        table,
        "long-lived alive",
        String.format(Locale.ROOT, "%d of %d", clients.longLivedAlive(), clients.longLived()));
    row(table, "versions seen", String.format(Locale.ROOT, "%d at least", leastVersions()));
    companions.forEach(it ->
        row(
            table,
            it.client(),
            String.format(Locale.ROOT, "%,d exchanges, %,d bytes", it.exchanges(), it.bytes())));
    row(
        table,
        "upstream",
        String.format(
            Locale.ROOT, "%,d accepted, %,d closed", upstream.accepted(), upstreamCloses()));
    row(table, "loops held by a swap", String.format(Locale.ROOT, "%.2f ms at most", hostStall()));
    row(table, "strands waited, swaps", strands.changes());
    row(table, "strands waited, control", strands.controls());
    row(
        table,
        "stalls above 10 ms",
        String.format(Locale.ROOT, "%,d of clients", clients.latencies().stallCount()));
    latency(table, "latency, all", clients.latencies().all());
    latency(table, "latency, swaps", clients.latencies().swap());
    latency(table, "latency, control", clients.latencies().control());
    row(
        table,
        "p99 difference",
        String.format(
            Locale.ROOT,
            "%.0f us (%.0f to %.0f, %d windows)",
            clients.latencies().p99Difference().estimate(),
            clients.latencies().p99Difference().low(),
            clients.latencies().p99Difference().high(),
            clients.latencies().p99Difference().windows()));
    row(
        table,
        "rehearsed",
        String.format(Locale.ROOT, "%,d messages a swap (median)", medianRehearsal()));
    residue(table);
    return table.toString();
  }

  private void residue(StringBuilder table) {
    Residue first = firstRest.residue();
    Residue last = lastRest.residue();
    String heading = "at swap " + form.firstProbe();
    table.append("%n  %-24s%18s%18s%n".formatted("residue", heading, "at swap " + swaps.size()));
    both(table, "codec factories", factories(first), factories(last));
    both(table, "class loaders", first.bundleLoaders(), last.bundleLoaders());
    both(table, "metaspace, bytes", first.metaspaceBytes(), last.metaspaceBytes());
    both(table, "live heap, bytes", first.liveHeapBytes(), last.liveHeapBytes());
    both(table, "direct, bytes", first.directBytes(), last.directBytes());
    both(table, "threads", first.lastingThreads(), last.lastingThreads());
    both(table, "threads, JDK's pools", first.elasticThreads(), last.elasticThreads());
    both(table, "connections", firstRest.connections(), lastRest.connections());
    both(table, "other descriptors", firstRest.otherDescriptors(), lastRest.otherDescriptors());
  }

  private long upstreamCloses() {
    return upstream.closedByPeer() - upstream.upgrades() + upstream.resetByPeer();
  }

  private long leastVersions() {
    return clients.versions().stream().mapToLong(VersionTrace::distinct).min().orElse(0);
  }

  private double hostStall() {
    return swaps.stream().mapToDouble(Report::longestStallMillis).max().orElse(0);
  }

  private long medianRehearsal() {
    long[] sorted = swaps.stream().mapToLong(Report::rehearsedMessages).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private long factories(Residue residue) {
    return residue.instances().getOrDefault(subject.factory(), 0L);
  }

  private static void require(List<String> found, boolean holds, String breach) {
    if (!holds) {
      found.add(breach);
    }
  }

  private static void latency(StringBuilder table, String name, LatencySummary it) {
    row(
        table,
        name,
        String.format(
            Locale.ROOT, "p50 %,d us, p99 %,d us, max %,d us", it.p50(), it.p99(), it.max()));
  }

  private static void both(StringBuilder table, String name, long first, long last) {
    table.append(String.format(Locale.ROOT, "  %-24s%,18d%,18d%n", name, first, last));
  }

  private static void row(StringBuilder table, String name, String value) {
    table.append("  %-42s".formatted(name)).append(value);
    table.append('\n');
  }
}
