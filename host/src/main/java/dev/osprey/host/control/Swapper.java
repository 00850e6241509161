package dev.osprey.host.control;

import dev.osprey.host.config.Catalog;
import dev.osprey.host.config.Offer;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.rehearsal.Rehearsal;
import dev.osprey.host.rehearsal.Rehearsed;
import dev.osprey.spi.Counter;
import dev.osprey.spi.source.ConfigDocument;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns changes into generations: build, rehearse, bind, publish, retire. What is running changes
 * only under the turn; the framework is never called while the control thread holds it, because a
 * thread that stops a bundle in use waits for the turn with the framework's locks in its hands.
 */
@SuppressWarnings("ReferenceEquality") // the very same state and extension are meant
final class Swapper {
  private static final int MOST_TRIES = 5;

  private final ReentrantLock turn = new ReentrantLock();
  private final GenerationBuilder builder;
  private final DataPlane dataPlane;
  private final Rehearsal rehearsal;
  private final Publisher publisher;
  private final StallWatch stalls;
  private final URI location;

  Swapper(
      Function<String, Counter> counters,
      DataPlane dataPlane,
      Rehearsal rehearsal,
      Publisher publisher,
      StallWatch stalls,
      URI location) {
    this.builder = new GenerationBuilder(counters);
    this.dataPlane = dataPlane;
    this.rehearsal = rehearsal;
    this.publisher = publisher;
    this.stalls = stalls;
    this.location = location;
  }

  /** What keeps everybody else from changing what is running. */
  ReentrantLock turn() {
    return turn;
  }

  /** What is running. */
  Running running() {
    return publisher.running();
  }

  /** Looks for late acknowledgements; true when changes that waited for them may go on. */
  boolean poll() {
    if (!publisher.isAwaiting()) {
      return false;
    }
    turn.lock();
    try {
      return publisher.poll();
    } finally {
      turn.unlock();
    }
  }

  /**
   * Publishes a change; on the control thread, without the turn.
   *
   * @throws Refusal if it can't be; nothing has changed then
   */
  Report publish(Change change) throws Refusal {
    if (publisher.isAwaiting()) {
      throw new Refusal("a strand has not acknowledged the change before");
    }
    Attempt attempt = new Attempt(change);
    try {
      for (int tries = 0; tries < MOST_TRIES; tries++) {
        Running base = attempt.build();
        attempt.rehearse(base);
        Optional<Report> report = attempt.commit(base, Report.Result.PUBLISHED, "");
        if (report.isPresent()) {
          return report.get();
        }
      }
      throw new Refusal("what is running changed again and again meanwhile");
    } finally {
      attempt.end();
    }
  }

  /**
   * Publishes a change at once, without rehearsal; on any thread, with the turn.
   *
   * @throws Refusal if it can't be; nothing has changed then
   */
  Report publishNow(Change change, String note) throws Refusal {
    Attempt attempt = new Attempt(change);
    try {
      Running base = attempt.build();
      return attempt.commit(base, Report.Result.HELD, note).orElseThrow();
    } finally {
      attempt.end();
    }
  }

  /**
   * Builds without publishing: to find what is wrong with a document.
   *
   * @return what it has, in words
   * @throws Refusal with everything that is wrong
   */
  String judge(ConfigDocument document, Catalog catalog) throws Refusal {
    Generation built = builder.build(1, document, catalog, List.of()).generation();
    return count(built.listeners().size(), "listener")
        + ", "
        + count(built.clusters().size(), "cluster");
  }

  private static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /** One change on its way. */
  private final class Attempt {
    private final Change change;
    private final Set<Bound<?>> rehearsedPlans = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Rehearsed> rehearsals = new ArrayList<>();
    private Map<String, Planned> made = Map.of();
    private @Nullable Source opened;
    private @Nullable ConfigDocument read;
    private @Nullable ConfigDocument built;
    private @Nullable Draft draft;
    private final StallWatch.Case watched = stalls.begin();
    private boolean published;

    Attempt(Change change) {
      this.change = change;
    }

    /** Builds on what is running now, which is returned. */
    Running build() throws Refusal {
      turn.lock();
      try {
        Running base = running();
        Catalog catalog = Running.catalog(base.with(change.bundles()));
        ConfigDocument document = document(base, catalog);
        built = document;
        draft =
            builder.build(
                base.generation().number() + 1, document, catalog, List.of(base.plans(), made));
        made = draft.plans();
        return base;
      } finally {
        turn.unlock();
      }
    }

    private ConfigDocument document(Running base, Catalog catalog) throws Refusal {
      ConfigDocument present =
          Objects.requireNonNull(change.document() == null ? base.document() : change.document());
      Source source = base.source();
      if (source == null) {
        return present;
      }
      Offer offer = Source.choose(catalog, location);
      if (offer.extension() == source.offer().extension()) {
        return present;
      }
      if (opened == null) {
        opened = Source.open(offer, location);
        read = opened.poll().orElse(null);
      }
      return read == null || sameContent(read, present) ? present : read;
    }

    private static boolean sameContent(ConfigDocument read, ConfigDocument present) {
      return read.root().problems().isEmpty()
          && read.root().canonical().equals(present.root().canonical());
    }

    void rehearse(Running base) throws Refusal {
      Draft next = Objects.requireNonNull(draft);
      if (!change.isRehearsed()) {
        return;
      }
      Set<Extension> warm = new HashSet<>(base.generation().extensions());
      for (String slot : next.fresh()) {
        Bound<?> bound = Objects.requireNonNull(next.plans().get(slot)).bound();
        if (rehearsedPlans.add(bound)) {
          boolean cold = warm.add(bound.extension());
          rehearsals.add(
              Fence.call(
                  bound.extension() + " threw when it was rehearsed for " + slot,
                  () -> rehearsal.run(slot, bound, cold)));
        }
      }
    }

    /** Publishes, unless what is running has changed since {@code base}. */
    Optional<Report> commit(Running base, Report.Result result, String note) throws Refusal {
      turn.lock();
      try {
        if (running().generation() != base.generation()) {
          return Optional.empty();
        }
        Draft next = Objects.requireNonNull(draft);
        Optional<String> unbound = dataPlane.bind(next.generation());
        if (unbound.isPresent()) {
          throw new Refusal(unbound.get());
        }
        published = true;
        Source source = opened == null ? base.source() : opened;
        Running now =
            new Running(
                next.generation(), base.with(change.bundles()), next.plans(), built, source);
        Report report =
            publisher.publish(new Publisher.Step(base, now, change, rehearsals, result, note));
        watched.published(report.number());
        return Optional.of(report);
      } finally {
        turn.unlock();
      }
    }

    /** Closes what was opened for nothing. */
    void end() {
      watched.close();
      if (!published && opened != null) {
        opened.close();
      }
    }
  }
}
