package dev.osprey.router;

import dev.osprey.spi.message.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first of many routes that fits a request. Routes that compare the same path, or the
 * same start of it, stand in one row in their configured order; only the rows that the request's
 * path leads to are looked at. So the cost grows with the path's length and with the number of
 * routes that differ in their headers only, not with the number of routes.
 */
final class RouteIndex {
  private static final byte[] SLASH = {'/'};
  private static final int NONE = Integer.MAX_VALUE;

  private final Route[] routes;
  private final ByteTable<int[]> paths;
  private final ByteTable<int[]> prefixes;

  RouteIndex(Route[] routes) {
    this.routes = routes;
    this.paths = table(routes, true);
    this.prefixes = table(routes, false);
  }

  private static ByteTable<int[]> table(Route[] routes, boolean whole) {
    Map<String, List<Integer>> rows = new HashMap<>();
    for (int i = 0; i < routes.length; i++) {
      PathMatch path = routes[i].path();
      if (path.whole() == whole) {
        List<Integer> row = rows.computeIfAbsent(key(path.text()), _ -> new ArrayList<>(1));
        if (row.isEmpty() || !routes[row.getLast()].hides(routes[i])) {
          row.add(i);
        }
      }
    }
    Map<String, int[]> packed = new HashMap<>();
    rows.forEach((key, row) -> packed.put(key, row.stream().mapToInt(i -> i).toArray()));
    return new ByteTable<>(packed);
  }

  /** The text in lower case; whether case matters each route of the row knows itself. */
  private static String key(byte[] text) {
    byte[] lower = new byte[text.length];
    for (int i = 0; i < lower.length; i++) {
      lower[i] = (byte) Bytes.lower(text[i]);
    }
    return new String(lower, StandardCharsets.ISO_8859_1);
  }

  /** The first route that fits; the path without its query lies between start and end. */
  @Nullable Route first(RequestHead head, byte[] bytes, int start, int end) {
    int best = NONE;
    int hash = ByteTable.EMPTY;
    int furthest = Math.min(end, start + Math.max(prefixes.longest(), paths.longest()));
    for (int at = start; ; at++) {
      int length = at - start;
      if (length <= prefixes.longest() && prefixes.hasLength(length)) {
        best = better(best, prefixes.find(bytes, start, at, hash), head, bytes, start, end);
      }
      if (at == furthest) {
        break;
      }
      hash = ByteTable.append(hash, bytes[at]);
    }
    int length = end - start;
    if (length <= paths.longest() && paths.hasLength(length)) {
      best = better(best, paths.find(bytes, start, end, hash), head, bytes, start, end);
    }
    if (length == 1 && bytes[start] == '*') {
      best = better(best, catchAll(), head, bytes, start, end);
    }
    return best == NONE ? null : routes[best];
  }

  /** The routes for the start of every path, some of which take the path {@code *} as well. */
  private int @Nullable [] catchAll() {
    if (prefixes.longest() < 1) {
      return null;
    }
    return prefixes.find(SLASH, 0, 1, ByteTable.append(ByteTable.EMPTY, SLASH[0]));
  }

  /** The first of a row that fits, when it comes before the best so far. */
  private int better(
      int best, int @Nullable [] row, RequestHead head, byte[] bytes, int start, int end) {
    if (row == null) {
      return best;
    }
    for (int i : row) {
      if (i >= best) {
        return best;
      }
      if (routes[i].fits(head, bytes, start, end)) {
        return i;
      }
    }
    return best;
  }
}
