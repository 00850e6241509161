package dev.osprey.spi.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** All mistakes of a document, in the order they were found. Belongs to one thread at a time. */
public final class Problems {
  private final Set<Problem> found = new LinkedHashSet<>();

  /** Records a mistake; the same one twice counts once. */
  public void add(Problem problem) {
    found.add(problem);
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
