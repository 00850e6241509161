package dev.osprey.host.control;

import dev.osprey.host.deploy.Candidate;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.spi.source.ConfigDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One try of a set of differences: all as one change if that works, else each alone. On the control
 * thread.
 */
final class Round {
  private static final int MOST_TO_LEAVE_ONE_OUT = 6;

  private final List<Item> items;
  private final String rehearsal;
  private final Swapper swapper;
  private final Wishes wishes;
  private final Settler.Loading loading;
  private final Map<Item, Loaded> loaded = new LinkedHashMap<>();
  private final Map<Item, String> failures = new LinkedHashMap<>();

  Round(
      List<Item> items, String rehearsal, Swapper swapper, Wishes wishes, Settler.Loading loading) {
    this.items = items;
    this.rehearsal = rehearsal;
    this.swapper = swapper;
    this.wishes = wishes;
    this.loading = loading;
  }

  /** Publishes what can be; returns what is refused, with the reasons. */
  Map<Item, String> run() {
    try {
      Map<Item, String> refused = load();
      List<Item> rest = items.stream().filter(item -> !refused.containsKey(item)).toList();
      boolean published = publish(rest) || (rest.size() > 1 && apart(rest));
      // What fails beside something new gets another chance in the next round.
      if (!published) {
        refused.putAll(failures);
      }
      return refused;
    } finally {
      loaded.values().forEach(loading::giveBack);
    }
  }

  private Map<Item, String> load() {
    Map<Item, String> unloadable = new LinkedHashMap<>();
    for (Item item : items) {
      if (item instanceof Item.Bundle bundle && bundle.candidate() != null) {
        try {
          loaded.put(item, loading.load(bundle.candidate()));
        } catch (Refusal refusal) {
          unloadable.put(item, refusal.reason());
          if (refusal.mayPass()) {
            wishes.mayPass();
          }
        }
      }
    }
    return unloadable;
  }

  /** Each alone, and where that helps nobody, all but one. */
  private boolean apart(List<Item> rest) {
    boolean published = false;
    for (Item item : rest) {
      published |= publish(List.of(item));
    }
    if (!published && rest.size() > 2 && rest.size() <= MOST_TO_LEAVE_ONE_OUT) {
      for (int i = 0; i < rest.size() && !published; i++) {
        List<Item> most = new ArrayList<>(rest);
        most.remove(i);
        published = publish(most);
      }
    }
    return published;
  }

  private boolean publish(List<Item> some) {
    if (some.isEmpty()) {
      return false;
    }
    try {
      swapper.publish(change(some));
      some.forEach(this::granted);
      return true;
    } catch (Refusal refusal) {
      if (some.size() == 1) {
        failures.put(some.getFirst(), refusal.reason());
      }
      return false;
    }
  }

  private void granted(Item item) {
    loaded.remove(item);
    failures.remove(item);
    wishes.granted(item);
  }

  private Change change(List<Item> some) {
    Map<String, @Nullable InUse> bundles = new HashMap<>();
    ConfigDocument document = null;
    for (Item item : some) {
      switch (item) {
        case Item.Config config -> document = config.document();
        case Item.Bundle bundle -> bundles.put(bundle.symbolicName(), inUse(item, bundle));
      }
    }
    String cause = some.stream().map(Item::cause).collect(Collectors.joining("; "));
    return new Change(cause, bundles, document, rehearsal);
  }

  private @Nullable InUse inUse(Item item, Item.Bundle bundle) {
    Candidate candidate = bundle.candidate();
    Loaded fresh = loaded.get(item);
    return candidate == null || fresh == null ? null : new InUse(fresh, candidate);
  }
}
