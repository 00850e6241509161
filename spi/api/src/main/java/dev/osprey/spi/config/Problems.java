package dev.osprey.spi.config;

import java.util.ArrayList;
import java.util.List;

/** All mistakes of a document, in the order they were found. Belongs to one thread at a time. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  /** Records a mistake; the same one twice counts once. */
  public void add(Problem problem) {
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  /** What was found so far. */
  public List<Problem> all() {
    return List.copyOf(found);
  }

  /** True when nothing is wrong. */
  public boolean isEmpty() {
    return found.isEmpty();
  }
}
