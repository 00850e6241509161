package dev.osprey.spi.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way from a document's root to one of its nodes, put into words only when somebody asks: a
 * large document has hundreds of thousands of nodes, and problems name a few. Immutable.
 */
public final class ConfigPath {
  /** The root's. */
  public static final ConfigPath ROOT = new ConfigPath(null, "");

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@-]+");

  private final @Nullable ConfigPath parent;
  private final Object step;

  private ConfigPath(@Nullable ConfigPath parent, Object step) {
    this.parent = parent;
    this.step = step;
  }

  /** The way to the value of a map's key. */
  public ConfigPath key(String key) {
    return new ConfigPath(this, key);
  }

  /** The way to a list's item, counted from 0. */
  public ConfigPath item(int index) {
    return new ConfigPath(this, index);
  }

  /** For example {@code static_resources.clusters[0].name}; empty for the root. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    append(out);
    return out.toString();
  }

  private void append(StringBuilder out) {
    if (parent == null) {
      return;
    }
    parent.append(out);
    if (step instanceof Integer index) {
      out.append('[').append(index.intValue()).append(']');
    } else if (PLAIN.matcher((String) step).matches()) {
      out.append(out.isEmpty() ? "" : ".").append(step);
    } else {
      String quoted = ((String) step).replace("\\", "\\\\").replace("\"", "\\\"");
      out.append("[\"").append(quoted).append("\"]");
    }
  }
}
