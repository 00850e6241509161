package dev.osprey.host.control;

import dev.osprey.host.deploy.Candidate;
import dev.osprey.host.deploy.Deployments;
import dev.osprey.spi.source.ConfigDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted, and what of it was refused. A refused wish is kept and tried again when anything
 * else changes. Belongs to the control thread.
 */
@SuppressWarnings("ReferenceEquality") // the very same candidate or document is meant
final class Wishes {
  private final Deployments deployments;
  private final Set<String> refused = new HashSet<>();
  private final Map<String, String> told = new HashMap<>();
  private @Nullable ConfigDocument document;
  private boolean passing;

  Wishes(Deployments deployments) {
    this.deployments = deployments;
  }

  /** Where the contents are. */
  Deployments deployments() {
    return deployments;
  }

  /** The configuration says something new. */
  void document(ConfigDocument wanted) {
    document = wanted;
  }

  /** Something has changed: what was refused gets another chance. */
  void somethingChanged() {
    refused.clear();
    passing = false;
  }

  /** Whoever asks wants to know why, also of what was refused for the same reason before. */
  void tellAgain() {
    told.clear();
  }

  /** Something was refused for a reason that may pass. */
  void mayPass() {
    passing = true;
  }

  /** True when what was refused may be granted though nothing that is wanted changes. */
  boolean isPassing() {
    return passing;
  }

  /** It was refused, until something changes; true when that has not been told yet. */
  boolean refuse(Item item, String reason) {
    refused.add(item.key());
    String before = told.put(item.key(), reason);
    // The words of a passing reason may name the try; once is enough.
    return before == null || !(passing || reason.equals(before));
  }

  /** It is in use. */
  void granted(Item item) {
    told.remove(item.key());
  }

  /** How what is wanted differs from what is running, without what was refused. */
  List<Item> differences(Running running) {
    Map<String, List<Candidate>> wanted = deployments.wanted();
    List<Item> items = new ArrayList<>();
    Set<String> names = new TreeSet<>(wanted.keySet());
    names.addAll(running.bundles().keySet());
    for (String name : names) {
      List<Candidate> candidates = wanted.getOrDefault(name, List.of());
      Item.Bundle item = difference(name, candidates, running.bundles().get(name));
      if (item != null) {
        items.add(item);
      }
    }
    ConfigDocument next = document;
    if (next != null && !next.equals(running.document())) {
      Item.Config item = new Item.Config(next);
      if (!refused.contains(item.key())) {
        items.add(item);
      }
    }
    return items;
  }

  private Item.@Nullable Bundle difference(
      String name, List<Candidate> candidates, @Nullable InUse inUse) {
    if (candidates.isEmpty()) {
      Item.Bundle removal = new Item.Bundle(name, null, inUse);
      return inUse == null || refused.contains(removal.key()) ? null : removal;
    }
    for (Candidate candidate : candidates) {
      if (inUse != null && inUse.candidate().equals(candidate)) {
        return null;
      }
      Item.Bundle item = new Item.Bundle(name, candidate, inUse);
      if (!refused.contains(item.key())) {
        return item;
      }
      if (inUse != null && inUse.candidate().content().equals(candidate.content())) {
        // The same content again was refused: what is in use stays, nothing older comes back.
        return null;
      }
    }
    return null;
  }
}
