package dev.osprey.host.control;

import dev.osprey.host.deploy.Candidate;
import dev.osprey.host.deploy.Refusal;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is running to what is wanted: all differences as one change if that works, else each
 * alone. On the control thread.
 */
final class Settler {
  private static final Logger LOG = LoggerFactory.getLogger(Settler.class);
  private static final int MOST_ROUNDS = 50;

  private final Wishes wishes;
  private final Swapper swapper;
  private final Publisher publisher;
  private final Retirement retirement;
  private final Reports reports;
  private final Loading loading;
  private final Options options;

  Settler(
      Wishes wishes,
      Swapper swapper,
      Publisher publisher,
      Retirement retirement,
      Reports reports,
      Loading loading,
      Options options) {
    this.wishes = wishes;
    this.swapper = swapper;
    this.publisher = publisher;
    this.retirement = retirement;
    this.reports = reports;
    this.loading = loading;
    this.options = options;
  }

  /**
   * Settles; what was refused before is tried again only after {@link Wishes#somethingChanged}.
   * While a strand has not acknowledged the last change all others wait.
   */
  void settle(String rehearsal) {
    for (int round = 0; round < MOST_ROUNDS && !publisher.isAwaiting(); round++) {
      List<Item> items = differences();
      items.removeIf(this::mustWait);
      if (items.isEmpty()) {
        break;
      }
      new Round(items, rehearsal, swapper, wishes, loading).run().forEach(this::refuse);
    }
    remember();
  }

  /** Notes what is in use for the next start. */
  void remember() {
    Map<String, String> hashes = new HashMap<>();
    publisher
        .running()
        .bundles()
        .forEach((name, inUse) -> hashes.put(name, inUse.loaded().content().hash()));
    wishes.deployments().inUse(hashes);
    try {
      wishes.deployments().save();
    } catch (IOException full) {
      LOG.warn("the record of deployments could not be kept: {}", full.toString());
    }
  }

  /** Reports a refusal that is about no item, such as a file that is no bundle. */
  void refuse(String cause, String reason) {
    reports.add(number -> refusal(number, cause, reason));
  }

  /** The differences; a fall-back to a file with the same bytes needs no other code. */
  private List<Item> differences() {
    swapper.turn().lock();
    try {
      List<Item> rest = new ArrayList<>();
      for (Item item : wishes.differences(publisher.running())) {
        if (item instanceof Item.Bundle bundle
            && bundle.candidate() != null
            && isSameCode(bundle.candidate(), bundle.before())) {
          publisher.relabel(bundle.symbolicName(), bundle.candidate());
        } else {
          rest.add(item);
        }
      }
      return rest;
    } finally {
      swapper.turn().unlock();
    }
  }

  private static boolean isSameCode(Candidate candidate, @Nullable InUse inUse) {
    return inUse != null
        && candidate.sequence() < inUse.candidate().sequence()
        && candidate.content().hash().equals(inUse.loaded().content().hash());
  }

  private boolean mustWait(Item item) {
    if (!(item instanceof Item.Bundle bundle) || !isFull(bundle.symbolicName())) {
      return false;
    }
    String why =
        Options.MOST_OLD
            + " old versions of "
            + bundle.symbolicName()
            + " still have something open";
    switch (options.whenFull()) {
      case WAIT -> {}
      case REFUSE -> refuse(item, why);
      case EVICT -> retirement.evictOldest(bundle.symbolicName());
    }
    return true;
  }

  private boolean isFull(String symbolicName) {
    if (retirement.open(symbolicName) < Options.MOST_OLD) {
      return false;
    }
    // Nothing may be open on them any more; the next regular look would only come later.
    retirement.poll();
    return retirement.open(symbolicName) >= Options.MOST_OLD;
  }

  private void refuse(Item item, String reason) {
    String stays =
        item instanceof Item.Bundle bundle && bundle.before() != null
            ? "\nthe code in use stays: " + bundle.before().loaded()
            : "";
    if (wishes.refuse(item, reason)) {
      reports.add(number -> refusal(number, item.cause(), reason + stays));
    }
  }

  private Report refusal(long number, String cause, String reason) {
    return new Report(
        number,
        Instant.now(),
        cause,
        Report.Result.REFUSED,
        publisher.running().generation().number(),
        List.of(),
        null,
        null,
        "none",
        List.of(),
        reason);
  }

  /** Makes contents run. */
  interface Loading {
    /**
     * Loads a candidate.
     *
     * @throws Refusal if it does not run
     */
    Loaded load(Candidate candidate) throws Refusal;

    /** Takes back what is not used after all. */
    void giveBack(Loaded loaded);
  }
}
