package dev.osprey.lb.leastrequest;

import dev.osprey.spi.config.ConfigNode;

/**
 * How many endpoints are compared.
 *
 * @param choices 2 or more
 * @param scansAll true to compare all of them instead
 */
record LeastRequestConfig(int choices, boolean scansAll) {
  private static final int MOST = 100;

  /** Envoy's enum. */
  private enum SelectionMethod {
    N_CHOICES,
    FULL_SCAN
  }

  static LeastRequestConfig from(ConfigNode node) {
    node.allowOnly("choice_count", "selection_method");
    return new LeastRequestConfig(
        node.integer("choice_count", 2, 2, MOST),
        node.oneOf("selection_method", SelectionMethod.class, SelectionMethod.N_CHOICES)
            == SelectionMethod.FULL_SCAN);
  }
}
