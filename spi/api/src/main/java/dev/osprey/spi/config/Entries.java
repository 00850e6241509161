package dev.osprey.spi.config;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a map node in their order: immutable, and small, because a document has very many
 * maps of very few keys.
 */
final class Entries extends AbstractMap<String, ConfigNode> {
  private static final int MOST = 10;

  private final String[] keys;
  private final ConfigNode[] values;

  private Entries(Map<String, ConfigNode> entries) {
    this.keys = entries.keySet().toArray(String[]::new);
    this.values = entries.values().toArray(ConfigNode[]::new);
  }

  static Map<String, ConfigNode> of(Map<String, ConfigNode> entries) {
    if (entries instanceof Entries) {
      return entries;
    }
    return entries.size() <= MOST
        ? new Entries(entries)
        : Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  @Override
  public int size() {
    return keys.length;
  }

  @Override
  public @Nullable ConfigNode get(@Nullable Object key) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i].equals(key)) {
        return values[i];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public Set<Entry<String, ConfigNode>> entrySet() {
    return new Pairs();
  }

  private final class Pairs extends AbstractSet<Entry<String, ConfigNode>> {
    @Override
    public int size() {
      return keys.length;
    }

    @Override
    public Iterator<Entry<String, ConfigNode>> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < keys.length;
        }

        @Override
        public Entry<String, ConfigNode> next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          return Map.entry(keys[next], values[next++]);
        }
      };
    }
  }
}
