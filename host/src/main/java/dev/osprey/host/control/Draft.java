package dev.osprey.host.control;

import dev.osprey.host.plan.Generation;
import java.util.List;
import java.util.Map;

/**
 * A generation that could be published.
 *
 * @param plans all plans by slot
 * @param fresh slots whose plans were made anew
 */
record Draft(Generation generation, Map<String, Planned> plans, List<String> fresh) {
  Draft {
    plans = Map.copyOf(plans);
    fresh = List.copyOf(fresh);
  }
}
