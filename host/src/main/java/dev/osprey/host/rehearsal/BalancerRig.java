package dev.osprey.host.rehearsal;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadBalancerPlan;
import dev.osprey.spi.lb.LoadState;
import dev.osprey.spi.lb.Weights;
import java.util.List;

/** Clusters in memory for a load balancer: of one endpoint, of equals, of unequals. */
final class BalancerRig implements LoadState {
  private static final List<Weights> CLUSTERS =
      List.of(Weights.of(1), Weights.of(1, 1, 1), Weights.of(1, 2, 5, 100));
  private static final int ROUNDS = 64;

  private final List<LoadBalancer> balancers;
  private int turn;
  private int random;

  BalancerRig(LoadBalancerPlan plan) {
    this.balancers = CLUSTERS.stream().map(plan::over).toList();
  }

  /**
   * Looks at the choices.
   *
   * @return how many there were
   * @throws Refusal if one is no endpoint
   */
  long check() throws Refusal {
    for (int i = 0; i < CLUSTERS.size(); i++) {
      int size = CLUSTERS.get(i).size();
      for (int round = 0; round < ROUNDS; round++) {
        int picked = balancers.get(i).pick(this, next());
        if (picked < 0 || picked >= size) {
          throw new Refusal("it picks endpoint " + picked + " of " + size);
        }
      }
    }
    return (long) CLUSTERS.size() * ROUNDS;
  }

  /** Lets them choose; says how often. */
  long play() {
    for (int i = 0; i < balancers.size(); i++) {
      for (int round = 0; round < ROUNDS; round++) {
        turn += balancers.get(i).pick(this, next()) & 1;
      }
    }
    return (long) balancers.size() * ROUNDS;
  }

  private int next() {
    turn++;
    random += 0x9E3779B9;
    return random;
  }

  @Override
  public int active(int endpoint) {
    return turn >>> endpoint & 3;
  }

  @Override
  public int turn() {
    return turn;
  }
}
