package dev.osprey.host.control;

import dev.osprey.host.deploy.Candidate;
import dev.osprey.host.deploy.Refusal;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Loads candidates: those of bundles that were started by hand are taken as they are. */
final class HandMade implements Settler.Loading {
  private final Bundles bundles;
  private final Map<Candidate, Long> startedByHand = new ConcurrentHashMap<>();
  private final Set<Long> adopted = ConcurrentHashMap.newKeySet();

  HandMade(Bundles bundles) {
    this.bundles = bundles;
  }

  /** Somebody started a bundle whose content is this candidate's. */
  void started(Candidate candidate, long bundleId) {
    startedByHand.values().removeIf(old -> old == bundleId);
    startedByHand.put(candidate, bundleId);
  }

  @Override
  public Loaded load(Candidate candidate) throws Refusal {
    Long bundleId = startedByHand.get(candidate);
    if (bundleId != null && bundles.isActive(bundleId)) {
      adopted.add(bundleId);
      return bundles.adopt(candidate.content(), bundleId);
    }
    return bundles.load(candidate.content());
  }

  @Override
  public void giveBack(Loaded loaded) {
    if (adopted.remove(loaded.bundleId())) {
      bundles.letGo(loaded);
    } else {
      bundles.unload(loaded);
    }
  }
}
