package dev.osprey.host.config;

import dev.osprey.host.plan.Extension;
import java.util.List;

/**
 * What a bundle offers: an extension and what it says of itself, asked once.
 *
 * @param name the extension's name within its kind
 * @param types the {@code @type} URLs it reads, its own first
 */
public record Offer(Kind kind, String name, List<String> types, Extension extension) {
  public Offer {
    types = List.copyOf(types);
  }

  /** Kind and name, for example {@code codec/http1}. */
  public String id() {
    return kind.label() + "/" + name;
  }
}
