package dev.osprey.spi.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the name somebody probably meant. */
public final class Nearest {
  private Nearest() {}

  /** The candidate with the fewest edits, when these are few enough to be a slip. */
  public static Optional<String> to(String wrong, Collection<String> candidates) {
    String best = null;
    int least = Math.max(2, wrong.length() / 3) + 1;
    for (String candidate : candidates) {
      int edits = distance(wrong, candidate, least);
      if (edits < least) {
        least = edits;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code (did you mean "x"?)}, or nothing. */
  public static String hint(String wrong, Collection<String> candidates) {
    return to(wrong, candidates).map(name -> " (did you mean \"" + name + "\"?)").orElse("");
  }

  /** The number of edits, or some number from {@code enough} on. */
  private static int distance(String a, String b, int enough) {
    if (Math.abs(a.length() - b.length()) >= enough) {
      return enough;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      int fewest = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int next = Math.min(Math.min(row[j], row[j - 1]) + 1, diagonal + same);
        diagonal = row[j];
        row[j] = next;
        fewest = Math.min(fewest, next);
      }
      if (fewest >= enough) {
        return enough;
      }
    }
    return row[b.length()];
  }
}
