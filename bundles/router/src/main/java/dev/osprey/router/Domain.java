package dev.osprey.router;

import dev.osprey.spi.config.ConfigNode;
import java.util.Locale;

/**
 * A domain of a virtual host, in lower case.
 *
 * @param kind how it is compared
 * @param text the domain without its star
 */
record Domain(Kind kind, String text) {
  /** In the order of precedence. */
  enum Kind {
    /** The whole host. */
    EXACT,
    /** {@code *.example.com}: the end of a host that is longer. */
    SUFFIX,
    /** {@code example.*}: the start of a host that is longer. */
    PREFIX,
    /** {@code *}. */
    ANY
  }

  static Domain from(ConfigNode node) {
    String text = node.asString().toLowerCase(Locale.ROOT);
    int star = text.indexOf('*');
    boolean oneStarAtAnEnd =
        star == text.lastIndexOf('*') && (star <= 0 || star == text.length() - 1);
    if (text.isEmpty() || !oneStarAtAnEnd || !isPrintable(text)) {
      node.problem("a domain: a.example.com, *.example.com, a.example.* or *");
    }
    if (text.equals("*")) {
      return new Domain(Kind.ANY, "");
    }
    if (star == 0) {
      return new Domain(Kind.SUFFIX, text.substring(1));
    }
    return star > 0 && oneStarAtAnEnd
        ? new Domain(Kind.PREFIX, text.substring(0, star))
        : new Domain(Kind.EXACT, text);
  }

  /** True when the domain is compared with host and port, not with the host alone. */
  boolean namesPort() {
    return text.indexOf(':', Math.max(0, text.lastIndexOf(']'))) >= 0;
  }

  private static boolean isPrintable(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/');
  }

  @Override
  public String toString() {
    return switch (kind) {
      case EXACT -> text;
      case SUFFIX -> "*" + text;
      case PREFIX -> text + "*";
      case ANY -> "*";
    };
  }
}
