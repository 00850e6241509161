package dev.osprey.it.soak;

import dev.osprey.load.Residue;

/**
 * What the process holds while no request is under way.
 *
 * @param connections open connections on both sides, a descriptor each: how many a pool holds
 *     depends on how busy it was
 */
record AtRest(Residue residue, int connections) {
  /** Descriptors that are no connection's. */
  int otherDescriptors() {
    return residue.fileDescriptors() - connections;
  }
}
