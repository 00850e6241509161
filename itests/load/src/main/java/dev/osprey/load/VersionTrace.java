package dev.osprey.load;

import java.util.List;

/**
 * The versions that answered on one connection that was kept for the whole run, in order; the same
 * one twice in a row counts once.
 *
 * @param connection the connection's number
 * @param alive whether it was never lost
 */
public record VersionTrace(int connection, boolean alive, List<String> versions) {

  /**
   * Whether the versions came in the order of the swaps; a version may be missing, none may come
   * back.
   */
  public boolean follows(List<String> swapOrder) {
    int at = 0;
    for (String version : versions) {
      while (at < swapOrder.size() && !swapOrder.get(at).equals(version)) {
        at++;
      }
      if (at == swapOrder.size()) {
        return false;
      }
      at++;
    }
    return true;
  }

  /** How many different versions were seen. */
  public long distinct() {
    return versions.stream().distinct().count();
  }
}
