package dev.osprey.host.control;

import dev.osprey.spi.Counter;

/**
 * Keeps what a plan counts during its rehearsal out of the numbers: its counters count from the
 * moment when the plan is published. Opened on the control thread; the task that tells a strand of
 * the generation makes that visible there, so a plain field is enough.
 */
final class Gate {
  private boolean open;

  /** The plan is in use from now on. */
  void open() {
    open = true;
  }

  /** A counter that counts once the gate is open. */
  Counter behind(Counter counter) {
    return amount -> {
      if (open) {
        counter.add(amount);
      }
    };
  }
}
