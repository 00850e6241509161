package dev.osprey.testkit;

import dev.osprey.spi.lb.LoadState;

/** Numbers for a load balancer, as a test wants them. */
public final class FakeLoadState implements LoadState {
  private final int[] active;
  private int turn;

  /** Nothing is open on any of so many endpoints. */
  public FakeLoadState(int endpoints) {
    this.active = new int[endpoints];
  }

  /** Says how much is open on an endpoint. */
  public FakeLoadState active(int endpoint, int open) {
    active[endpoint] = open;
    return this;
  }

  /** Says whose turn it is. */
  public FakeLoadState turn(int now) {
    turn = now;
    return this;
  }

  @Override
  public int active(int endpoint) {
    return active[endpoint];
  }

  @Override
  public int turn() {
    return turn;
  }
}
