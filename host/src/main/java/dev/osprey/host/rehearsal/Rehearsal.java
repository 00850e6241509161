package dev.osprey.host.rehearsal;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.Bound;

/** Runs a plan before traffic does. */
@FunctionalInterface
public interface Rehearsal {
  /**
   * Runs a plan over its own corpus.
   *
   * @param slot the plan's slot, for the result
   * @param settle true to go on until the cost of a message settles, which is bounded
   * @throws Refusal if the plan throws or does something else than its corpus says
   */
  Rehearsed run(String slot, Bound<?> bound, boolean settle) throws Refusal;
}
