package dev.osprey.host.control;

import dev.osprey.host.deploy.Candidate;
import dev.osprey.host.deploy.Content;
import dev.osprey.host.deploy.ContentStore;
import dev.osprey.host.deploy.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What happens when a framework command stops code in use: a stand-in of the same content takes
 * over before the command goes on. A replacement that is started within the hold bound is the last
 * change; without one the bundle counts as withdrawn.
 */
@SuppressWarnings({
  "ModifyCollectionInEnhancedForLoop",
  "ReferenceEquality"
}) // the list copies on write; a candidate is meant by identity
final class Holding {
  private static final long LOOK_NANOS = 1_000_000;

  private final Swapper swapper;
  private final Bundles bundles;
  private final Retirement retirement;
  private final Wishes wishes;
  private final ContentStore store;
  private final HandMade handMade;
  private final Settler settler;
  private final Duration bound;
  private final List<Held> held = new CopyOnWriteArrayList<>();
  private final Set<Long> lost = ConcurrentHashMap.newKeySet();

  Holding(
      Swapper swapper,
      Bundles bundles,
      Retirement retirement,
      Wishes wishes,
      ContentStore store,
      HandMade handMade,
      Settler settler,
      Duration bound) {
    this.swapper = swapper;
    this.bundles = bundles;
    this.retirement = retirement;
    this.wishes = wishes;
    this.store = store;
    this.handMade = handMade;
    this.settler = settler;
    this.bound = bound;
  }

  /**
   * A bundle that somebody stopped.
   *
   * @param bundleId the one that was stopped
   * @param candidate whose content it had; the stand-in has the same
   * @param deadline of the hold, by the nano clock
   */
  private record Held(long bundleId, Candidate candidate, long deadline) {}

  /**
   * A bundle's services are going; on the thread that stops it. Returns when nobody needs it.
   *
   * @return true for a bundle that was in use
   */
  boolean leaving(long bundleId) {
    long end = System.nanoTime() + bound.toNanos();
    Optional<Loaded> old = retirement.find(bundleId);
    if (old.isPresent()) {
      retirement.stoppedByHand(bundleId);
    } else if (swapper.running().bundle(bundleId).isPresent()) {
      old = Optional.ofNullable(replace(bundleId, end));
    } else {
      return false;
    }
    while (old.isPresent() && old.get().leases() > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  /** A bundle was started by hand; on the control thread. True when that changes a wish. */
  boolean started(long bundleId) {
    boolean known = swapper.running().bundle(bundleId).isPresent() && !lost.remove(bundleId);
    if (known || !bundles.isActive(bundleId)) {
      return false;
    }
    String what = "bundle " + bundleId + ", started by hand";
    try {
      Content content = store.add(bundles.snapshot(bundleId));
      handMade.started(wishes.deployments().byHand(what, content), bundleId);
      return true;
    } catch (Refusal refusal) {
      settler.refuse(what, refusal.reason());
    } catch (IOException full) {
      settler.refuse(what, "its content can't be kept: " + full);
    }
    return false;
  }

  /** Looks after what was stopped; on the control thread. True when that changes a wish. */
  boolean poll() {
    boolean changed = false;
    for (Held one : List.copyOf(held)) {
      boolean gone = !bundles.exists(one.bundleId());
      boolean late = System.nanoTime() - one.deadline() > 0;
      if (isSuperseded(one)) {
        held.remove(one);
      } else if (gone || (late && !bundles.isActive(one.bundleId()))) {
        held.remove(one);
        wishes.deployments().withdraw(one.candidate());
        changed = true;
      } else if (late) {
        held.remove(one);
      }
    }
    return changed;
  }

  private boolean isSuperseded(Held one) {
    InUse now = swapper.running().bundles().get(one.candidate().symbolicName());
    return now == null || !now.candidate().equals(one.candidate());
  }

  private @Nullable Loaded replace(long bundleId, long end) {
    if (!hasTurn(end)) {
      lose(bundleId, "another change did not end within the hold bound of " + bound);
      return null;
    }
    try {
      Optional<InUse> inUse = swapper.running().bundle(bundleId);
      if (inUse.isPresent()) {
        standIn(inUse.get(), end);
      }
      return inUse.map(InUse::loaded).orElse(null);
    } catch (Refusal refusal) {
      lose(bundleId, refusal.reason());
      return null;
    } finally {
      swapper.turn().unlock();
    }
  }

  private void standIn(InUse inUse, long end) throws Refusal {
    Loaded old = inUse.loaded();
    Loaded standIn = bundles.load(old.content());
    Map<String, @Nullable InUse> bundle = new HashMap<>();
    bundle.put(old.symbolicName(), new InUse(standIn, inUse.candidate()));
    Change change =
        new Change(
            "a framework command stops " + old,
            bundle,
            null,
            "none: the code in use was being stopped");
    try {
      swapper.publishNow(
          change,
          "THE CODE IN USE STAYS: " + standIn + ", of the same content, stands in for " + old);
      held.add(new Held(old.bundleId(), inUse.candidate(), end));
    } catch (Refusal refusal) {
      bundles.unload(standIn);
      throw refusal;
    }
  }

  private boolean hasTurn(long end) {
    try {
      return swapper.turn().tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void lose(long bundleId, String why) {
    lost.add(bundleId);
    settler.refuse(
        "a framework command stops bundle " + bundleId,
        "NO STAND-IN COULD TAKE OVER, code in use is being stopped: " + why);
  }
}
