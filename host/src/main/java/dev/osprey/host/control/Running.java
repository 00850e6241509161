package dev.osprey.host.control;

import dev.osprey.host.config.Catalog;
import dev.osprey.host.config.Offer;
import dev.osprey.host.plan.Generation;
import dev.osprey.spi.source.ConfigDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is in use.
 *
 * @param bundles by symbolic name
 * @param plans by slot
 * @param document null before the first one was published
 * @param source null before the first one was opened
 */
record Running(
    Generation generation,
    Map<String, InUse> bundles,
    Map<String, Planned> plans,
    @Nullable ConfigDocument document,
    @Nullable Source source) {
  static final Running NOTHING = new Running(Generation.EMPTY, Map.of(), Map.of(), null, null);

  Running {
    bundles = Map.copyOf(bundles);
    plans = Map.copyOf(plans);
  }

  /** All that the bundles offer. */
  Catalog catalog() {
    return catalog(bundles);
  }

  static Catalog catalog(Map<String, InUse> bundles) {
    List<Offer> offers = new ArrayList<>();
    bundles.values().forEach(inUse -> offers.addAll(inUse.loaded().offers()));
    return new Catalog(offers);
  }

  /** The bundles after some are replaced; null removes one. */
  Map<String, InUse> with(Map<String, @Nullable InUse> changes) {
    Map<String, InUse> next = new HashMap<>(bundles);
    changes.forEach((name, inUse) -> {
      if (inUse == null) {
        next.remove(name);
      } else {
        next.put(name, inUse);
      }
    });
    return next;
  }

  /** The bundle of that number, when it is in use. */
  Optional<InUse> bundle(long bundleId) {
    return bundles.values().stream()
        .filter(inUse -> inUse.loaded().bundleId() == bundleId)
        .findFirst();
  }

  Running with(@Nullable Source opened) {
    return new Running(generation, bundles, plans, document, opened);
  }
}
