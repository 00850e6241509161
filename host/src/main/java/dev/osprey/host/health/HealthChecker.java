package dev.osprey.host.health;

import dev.osprey.host.loop.Clock;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.stats.Stats;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks every endpoint that is to be checked how it is. Lives on one event loop, for the process,
 * whatever the I/O model of the listeners. What to ask comes from the generation of the moment, so
 * a swap changes the next question and nothing else.
 */
public final class HealthChecker {
  private static final long PIECE_NANOS = 400_000;

  private final Loop loop;
  private final Stats stats;
  private final HealthBoard board;
  private final Prober prober;
  private final Map<String, ClusterChecks> clusters = new HashMap<>();
  private Generation generation = Generation.EMPTY;
  private int adopted;
  private int begun;

  /** A checker without endpoints. */
  public HealthChecker(Loop loop, Stats stats, HealthBoard board, Prober prober) {
    this.loop = loop;
    this.stats = stats;
    this.board = board;
    this.prober = prober;
  }

  /** Makes one probe; what is asked stands behind it. */
  public interface Prober {
    /**
     * Begins a probe, on the loop.
     *
     * @param outcome is told once, on the loop, within the plan's timeout
     */
    void probe(ClusterPlan cluster, InetSocketAddress endpoint, Outcome outcome);
  }

  /** What came of a probe. */
  public interface Outcome {
    /**
     * The endpoint has answered, or has accepted a connection where that is enough.
     *
     * @param fault what is wrong with the answer; null when all is well
     */
    void answered(@Nullable String fault);

    /** There is no complete answer; a few words about why. */
    void failed(String why);

    /** Nothing was learnt about the endpoint; the reason is on our side. */
    void unknown();
  }

  /**
   * Begins to take over the checks of a generation, on the loop; the rest is {@link #adoptSome}.
   */
  public void begin(Generation next) {
    generation = next;
    adopted = 0;
    begun = 0;
  }

  /** Takes over some clusters, for less than half a millisecond; true while any are left. */
  public boolean adoptSome() {
    List<ClusterPlan> wanted = generation.checked();
    if (adopted > wanted.size()) {
      return false;
    }
    long start = Clock.nanos();
    while (adopted < wanted.size()) {
      adopt(wanted.get(adopted++));
      if (Clock.nanos() - start > PIECE_NANOS) {
        return true;
      }
    }
    adopted++;
    forgetOthers(wanted);
    return false;
  }

  private void adopt(ClusterPlan cluster) {
    HealthPlan plan = cluster.health();
    if (plan != null) {
      ClusterChecks checks = clusters.computeIfAbsent(cluster.name(), _ -> fresh(cluster));
      begun = checks.adopt(cluster, plan, begun);
    }
  }

  private void forgetOthers(List<ClusterPlan> wanted) {
    if (clusters.size() > wanted.size()) {
      Set<String> names = wanted.stream().map(ClusterPlan::name).collect(Collectors.toSet());
      clusters.values().removeIf(one -> !names.contains(one.name()) && forget(one));
    }
  }

  private ClusterChecks fresh(ClusterPlan cluster) {
    return new ClusterChecks(loop, cluster, board.of(cluster.name()), prober, stats);
  }

  private boolean forget(ClusterChecks gone) {
    board.forget(gone.name());
    return gone.end();
  }
}
