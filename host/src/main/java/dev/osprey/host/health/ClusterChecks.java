package dev.osprey.host.health;

import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.HealthTimes;
import dev.osprey.host.stats.Stats;
import dev.osprey.spi.Counter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of one cluster's endpoints, each on a timer of its own; on the loop that checks. */
final class ClusterChecks {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterChecks.class);
  // So many connections that are begun at once hold up nobody.
  private static final int BEGUN_A_TICK = 64;
  private static final int MOST_WORDS = 200;
  private static final HealthTimes NONE = HealthTimes.every(Duration.ZERO, Duration.ZERO);

  private final Loop loop;
  private final String name;
  private final int index;
  private final ClusterHealth health;
  private final HealthChecker.Prober prober;
  private final Counter attempts;
  private final Counter successes;
  private final Counter failures;
  private final Counter networkFailures;
  private final Counter healthy;
  private final Map<InetSocketAddress, Check> checks = new HashMap<>();
  private List<InetSocketAddress> endpoints = List.of();
  private HealthTimes times = NONE;
  private int told;

  ClusterChecks(
      Loop loop,
      ClusterPlan cluster,
      ClusterHealth health,
      HealthChecker.Prober prober,
      Stats stats) {
    this.loop = loop;
    this.name = cluster.name();
    this.index = cluster.index();
    this.health = health;
    this.prober = prober;
    String prefix = "cluster." + name + ".health_check.";
    this.attempts = stats.counter(prefix + "attempt");
    this.successes = stats.counter(prefix + "success");
    this.failures = stats.counter(prefix + "failure");
    this.networkFailures = stats.counter(prefix + "network_failure");
    this.healthy = stats.counter(prefix + "healthy");
  }

  String name() {
    return name;
  }

  /**
   * Goes on with a plan: what is known and under way stays.
   *
   * @param begun how many first probes there are already in this turn
   * @return the same with those of this cluster
   */
  int adopt(ClusterPlan cluster, HealthPlan plan, int begun) {
    int count = begun;
    if (!plan.times().equals(times)) {
      times = plan.times();
      checks.values().forEach(Check::sooner);
    }
    if (!cluster.endpoints().equals(endpoints)) {
      endpoints = cluster.endpoints();
      Set<InetSocketAddress> wanted = new HashSet<>(endpoints);
      checks.values().removeIf(check -> !wanted.contains(check.address) && check.end());
      for (InetSocketAddress address : endpoints) {
        if (!checks.containsKey(address)) {
          Check fresh = new Check(address);
          checks.put(address, fresh);
          fresh.begin(count++);
        }
      }
    }
    health.adopt(endpoints, plan.panicPercent());
    tell();
    return count;
  }

  /** Nobody wants to know any more. */
  boolean end() {
    checks.values().forEach(Check::end);
    checks.clear();
    healthy.add(-told);
    return true;
  }

  private void tell() {
    healthy.add(health.healthyCount() - told);
    told = health.healthyCount();
  }

  private double chance() {
    return (loop.random() >>> 1) / (double) Integer.MAX_VALUE;
  }

  /** One endpoint and its timer. */
  private final class Check implements Wheel.Expiry, HealthChecker.Outcome {
    private final InetSocketAddress address;
    private final Wheel.Timer timer = new Wheel.Timer(this);
    private boolean probing;
    private boolean ended;
    private boolean well;
    private long last;
    private long due;

    Check(InetSocketAddress address) {
      this.address = address;
    }

    void begin(int place) {
      last = loop.now();
      long turn = (long) (place / BEGUN_A_TICK) * Wheel.TICK_NANOS;
      arm(last + turn + (long) (chance() * times.initialJitter().toNanos()));
    }

    boolean end() {
      ended = true;
      loop.wheel().cancel(timer);
      return true;
    }

    /** The times have changed: does not wait for the end of a longer interval. */
    void sooner() {
      long next = next();
      if (!probing && next < due) {
        arm(next);
      }
    }

    private long next() {
      return last + times.next(well, health.of(address).isOnEdge(), chance());
    }

    private void arm(long deadline) {
      due = deadline;
      loop.wheel().cancel(timer);
      loop.wheel().ensure(timer, deadline, loop.now());
    }

    @Override
    public long expired(long now) {
      if (now < due) {
        return due;
      }
      if (ended || loop.isDraining()) {
        return NEVER;
      }
      ClusterPlan cluster = loop.generation().cluster(index);
      if (cluster == null || cluster.health() == null) {
        // This is to end, unless the next generation comes first and has the cluster again.
        due = now + times.interval().toNanos();
        return due;
      }
      probing = true;
      attempts.add(1);
      // Should a mistake of ours lose a probe, the next one comes all the same.
      arm(now + times.timeout().toNanos() + times.interval().toNanos() + Wheel.TICK_NANOS);
      prober.probe(cluster, address, this);
      return NEVER;
    }

    @Override
    public void answered(@Nullable String fault) {
      over(fault, true);
    }

    @Override
    public void failed(String why) {
      if (!ended) {
        networkFailures.add(1);
      }
      over(why, false);
    }

    @Override
    public void unknown() {
      probing = false;
      again();
    }

    private void over(@Nullable String fault, boolean said) {
      probing = false;
      ClusterPlan cluster = loop.generation().cluster(index);
      HealthPlan plan = cluster == null ? null : cluster.health();
      if (plan == null || ended) {
        return;
      }
      well = fault == null;
      (well ? successes : failures).add(1);
      String words = fault == null ? null : words(fault);
      if (health.probed(health.of(address), words, said, plan)) {
        tell();
        log(words);
      }
      again();
    }

    private void again() {
      last = loop.now();
      if (!ended) {
        arm(next());
      }
    }

    private void log(@Nullable String fault) {
      if (fault == null) {
        LOG.info("cluster {}: endpoint {} is healthy", name, AddressText.of(address));
      } else {
        LOG.warn("cluster {}: endpoint {} is unhealthy: {}", name, AddressText.of(address), fault);
      }
    }
  }

  /** An endpoint's own words may stand in it: not too many, and nothing that a terminal obeys. */
  private static String words(String fault) {
    String some = fault.length() > MOST_WORDS ? fault.substring(0, MOST_WORDS) + "..." : fault;
    return some.replaceAll("\\p{Cntrl}", "?");
  }
}
