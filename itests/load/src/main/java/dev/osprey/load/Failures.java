package dev.osprey.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts failures by kind and keeps the first few in words; one thread calls it. */
final class Failures {
  private static final int MAX_EXAMPLES = 50;
  private final Map<FailureKind, Long> counts = new EnumMap<>(FailureKind.class);
  private final List<String> examples = new ArrayList<>();

  void add(FailureKind kind, int connection, String detail) {
    counts.merge(kind, 1L, Long::sum);
    if (examples.size() < MAX_EXAMPLES) {
      examples.add(kind + " on connection " + connection + ": " + detail);
    }
  }

  Map<FailureKind, Long> counts() {
    return Map.copyOf(counts);
  }

  List<String> examples() {
    return List.copyOf(examples);
  }
}
