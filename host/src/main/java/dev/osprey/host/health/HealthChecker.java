package dev.osprey.host.health;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.stats.Stats;
import dev.osprey.spi.Counter;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every endpoint that is to be checked how it is, each on a timer of its own. Lives on one
 * event loop, for the process, whatever the I/O model of the listeners. What to ask comes from the
 * generation of the moment, so a swap changes the next question and nothing else.
 */
public final class HealthChecker {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecker.class);

  private final Loop loop;
  private final Stats stats;
  private final HealthBoard board;
  private final Prober prober;
  private final Map<Key, Checked> checked = new HashMap<>();
  private Set<String> clusters = Set.of();

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
     * The probe is over.
     *
     * @param fault what is wrong; null when all is well
     */
    void ended(@Nullable String fault);
  }

  private record Key(String cluster, InetSocketAddress address) {}

  /** Goes on with a generation; on the loop. */
  public void adopt(Generation next) {
    Set<Key> wanted = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (ClusterPlan cluster : next.clusters()) {
      HealthPlan plan = cluster.health();
      if (plan != null) {
        names.add(cluster.name());
        for (InetSocketAddress address : cluster.endpoints()) {
          Key key = new Key(cluster.name(), address);
          wanted.add(key);
          checked.computeIfAbsent(key, _ -> new Checked(key, cluster.index())).begin();
        }
        board.of(cluster.name()).count(cluster.endpoints(), plan);
      }
    }
    checked.values().removeIf(one -> !wanted.contains(one.key) && one.end());
    clusters.stream().filter(name -> !names.contains(name)).forEach(board::forget);
    clusters = names;
  }

  /** One endpoint and its timer. */
  private final class Checked implements Wheel.Expiry, Outcome {
    private final Key key;
    private final int cluster;
    private final Wheel.Timer timer = new Wheel.Timer(this);
    private final Counter attempts;
    private final Counter failures;
    private boolean begun;
    private boolean ended;

    Checked(Key key, int cluster) {
      this.key = key;
      this.cluster = cluster;
      this.attempts = stats.counter("cluster." + key.cluster() + ".health_check.attempt");
      this.failures = stats.counter("cluster." + key.cluster() + ".health_check.failure");
    }

    void begin() {
      if (!begun) {
        begun = true;
        loop.wheel().ensure(timer, loop.now(), loop.now());
      }
    }

    boolean end() {
      ended = true;
      loop.wheel().cancel(timer);
      return true;
    }

    @Override
    public long expired(long now) {
      ClusterPlan plan = loop.generation().cluster(cluster);
      if (plan != null && plan.health() != null && !ended && !loop.isDraining()) {
        attempts.add(1);
        prober.probe(plan, key.address(), this);
      }
      return NEVER;
    }

    @Override
    public void ended(@Nullable String fault) {
      ClusterPlan plan = loop.generation().cluster(cluster);
      HealthPlan health = plan == null ? null : plan.health();
      if (plan == null || health == null || ended) {
        return;
      }
      if (fault != null) {
        failures.add(1);
      }
      ClusterHealth all = board.of(key.cluster());
      EndpointHealth mine = all.of(key.address());
      if (mine.probed(fault, health)) {
        all.count(plan.endpoints(), health);
        log(fault);
      }
      loop.wheel().ensure(timer, loop.now() + health.interval().toNanos(), loop.now());
    }

    private void log(@Nullable String fault) {
      if (fault == null) {
        LOG.info("cluster {}: endpoint {} is healthy again", key.cluster(), key.address());
      } else {
        LOG.warn("cluster {}: endpoint {} is unhealthy: {}", key.cluster(), key.address(), fault);
      }
    }
  }
}
