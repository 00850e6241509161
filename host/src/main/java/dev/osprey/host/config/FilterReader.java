package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a chain's {@code http_filters}: the stream filters, and the router that ends the list. */
final class FilterReader {
  static final String ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";
  private static final Keys FILTER =
      Keys.of("name", "typed_config").refusing("config_discovery", "is_optional", "disabled");

  private final Catalog catalog;

  FilterReader(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The filters before the router, in their order.
   *
   * @param slot prefix of the chain's slots
   * @param owner the map with the list; without one there are no filters
   */
  List<PlanSpec> read(String slot, ConfigNode owner) {
    Optional<ConfigNode> list = owner.get("http_filters");
    if (list.isEmpty()) {
      return List.of();
    }
    List<ConfigNode> items = list.get().items();
    if (items.isEmpty()) {
      list.get().problem("a list that ends in the router filter");
    }
    List<PlanSpec> filters = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      ConfigNode item = FILTER.check(items.get(i));
      boolean last = i == items.size() - 1;
      Typed.of(item).ifPresent(typed -> filter(slot, item, typed, last, filters));
    }
    return filters;
  }

  private void filter(
      String slot, ConfigNode item, Typed typed, boolean last, List<PlanSpec> filters) {
    boolean isRouter = typed.type().equals(ROUTER);
    if (isRouter != last) {
      item.say(
          isRouter
              ? "expected the router filter to be the last"
              : "expected the router filter behind this one");
    }
    if (isRouter) {
      router(typed);
      return;
    }
    String wanted = slot + "/filter/" + item.string("name", "");
    long same = filters.stream().filter(other -> isSlot(other, wanted)).count();
    catalog
        .find(Kind.STREAM_FILTER, typed.type(), typed.at())
        .map(offer -> new PlanSpec(same == 0 ? wanted : wanted + "/" + same, offer, typed.config()))
        .ifPresent(filters::add);
  }

  private static boolean isSlot(PlanSpec other, String wanted) {
    return other.slot().equals(wanted) || other.slot().startsWith(wanted + "/");
  }

  private static void router(Typed typed) {
    if (!typed.config().keys().isEmpty()) {
      typed
          .config()
          .say("expected no settings of the router filter, found " + typed.config().keys());
    }
  }
}
