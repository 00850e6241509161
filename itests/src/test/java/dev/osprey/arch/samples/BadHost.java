package dev.osprey.arch.samples;

import dev.osprey.spi.lb.LoadBalancer;
import dev.osprey.spi.lb.LoadState;

/** Calls a bundle's code outside of a fence. */
public final class BadHost {
  /** One pick. */
  public int pick(LoadBalancer balancer, LoadState state) {
    return balancer.pick(state, 0);
  }
}
