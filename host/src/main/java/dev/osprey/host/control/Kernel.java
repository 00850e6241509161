package dev.osprey.host.control;

import dev.osprey.host.deploy.Content;
import dev.osprey.host.deploy.ContentStore;
import dev.osprey.host.deploy.DeployFolder;
import dev.osprey.host.deploy.Deployments;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.os.HeapRoom;
import dev.osprey.host.rehearsal.Rehearsal;
import dev.osprey.spi.Counter;
import dev.osprey.spi.source.ConfigDocument;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner of desired and running state. One thread looks at the deploy folder, the configuration
 * source and what is on its way out, and brings what is running to what is wanted.
 */
public final class Kernel {
  private static final Logger LOG = LoggerFactory.getLogger(Kernel.class);
  private static final long TICK_MILLIS = 50;
  private static final int TICKS_A_LOOK = 4;
  private static final long CLOSE_SECONDS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FILES_MAY_TAKE = Duration.ofSeconds(3);

  private final Options options;
  private final DataPlane dataPlane;
  private final Publisher publisher;
  private final Retirement retirement;
  private final Reports reports;
  private final Wishes wishes;
  private final StallWatch stalls;
  private final Swapper swapper;
  private final Settler settler;
  private final Holding holding;
  private final DeployFolder folder;
  private final ContentStore store;
  private final Startup startup;
  private final ScheduledThreadPoolExecutor thread;
  private final Set<String> sourceFailures = new HashSet<>();
  private volatile boolean closed;
  private final Retries retries = new Retries();
  private int ticks;

  /**
   * What the control side works with.
   *
   * @param counters finds counters by name
   */
  public record Parts(
      Bundles bundles,
      DataPlane dataPlane,
      Function<String, Counter> counters,
      Rehearsal rehearsal,
      InstantSource clock) {}

  /**
   * A kernel that has not started.
   *
   * @throws IOException if the data folder can't be used
   */
  public Kernel(Options options, Parts parts) throws IOException {
    this(options, parts, PATIENCE);
  }

  /**
   * A kernel that has not started.
   *
   * @param patience how long to wait for the strands to acknowledge a change
   * @throws IOException if the data folder can't be used
   */
  Kernel(Options options, Parts parts, Duration patience) throws IOException {
    this.options = options;
    this.dataPlane = parts.dataPlane();
    this.store = new ContentStore(options.data().resolve("bundles"));
    Deployments deployments = new Deployments(options.data().resolve("deploy.json"), store);
    this.folder = new DeployFolder(options.deploy(), store, parts.clock(), deployments.files());
    this.reports = new Reports(options.data().resolve("reports.jsonl"));
    this.retirement = new Retirement(parts.bundles(), dataPlane, reports, options.maxDrain());
    this.publisher = new Publisher(dataPlane, retirement, reports, patience);
    this.wishes = new Wishes(deployments);
    this.stalls = new StallWatch(new Metronome(dataPlane::strands), reports);
    this.swapper =
        new Swapper(
            parts.counters(), dataPlane, parts.rehearsal(), publisher, stalls, options.config());
    HandMade loading = new HandMade(parts.bundles());
    this.settler = new Settler(wishes, swapper, publisher, retirement, reports, loading, options);
    this.holding =
        new Holding(
            swapper, parts.bundles(), retirement, wishes, store, loading, settler, options.hold());
    this.startup = new Startup(options, store, wishes, swapper, publisher, settler, loading);
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, body -> Thread.ofPlatform().name("osprey-control").unstarted(body));
    thread.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  /**
   * Loads what is wanted and publishes the first generation.
   *
   * @throws Refusal if the configuration can't be served
   */
  public void start() throws Refusal {
    submit(
            () -> {
              look();
              startWhenFilesRest();
              return "";
            })
        .get();
    Future<?> _ =
        thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    // Not at once: it costs a start some milliseconds.
    Future<?> _ = thread.schedule(this::watchHeap, 2, TimeUnit.SECONDS);
  }

  private void watchHeap() {
    HeapRoom.find()
        .ifPresent(room -> {
          Future<?> _ =
              thread.scheduleWithFixedDelay(() -> guarded(room::look), 0, 1, TimeUnit.SECONDS);
        });
  }

  /**
   * Loads what is wanted and judges the configuration; publishes nothing.
   *
   * @return the number of listeners and clusters, in words
   * @throws Refusal with every mistake
   */
  public String check() throws Refusal {
    return submit(
            () -> {
              lookUntilFilesRest();
              return startup.check();
            })
        .get();
  }

  /** Stops accepting, lets open work end within the drain bound. */
  public CompletableFuture<Void> drain() {
    closed = true;
    return dataPlane.drain(options.drain());
  }

  /** Ends the control thread and the data plane. */
  public void close() {
    closed = true;
    thread.shutdown();
    awaitEnd();
    stalls.close();
    Source source = publisher.running().source();
    if (source != null) {
      source.close();
    }
    dataPlane.close();
  }

  /**
   * Looks at the deploy folder and the configuration at once, tries what was refused again and says
   * once more why not, and opens log files anew; any thread, waits for nothing.
   */
  public void reload() {
    dataPlane.reopenLogs();
    if (!closed) {
      thread.execute(() ->
          guarded(() -> {
            boolean changed = look();
            changed |= pollSource();
            LOG.info("reload: {}", changed ? "something has changed" : "nothing has changed");
            wishes.tellAgain();
            settleIf(true);
          }));
    }
  }

  /**
   * Somebody stops a bundle: returns when nothing needs it; on the thread that stops it.
   *
   * @return true for a bundle that was in use, which is not ours any more
   */
  public boolean leaving(long bundleId) {
    return !closed && holding.leaving(bundleId);
  }

  private void awaitEnd() {
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      thread.shutdownNow();
    }
  }

  /** Somebody has started a bundle with extensions; any thread. */
  public void started(long bundleId) {
    if (!closed) {
      thread.execute(() -> guarded(() -> settleIf(holding.started(bundleId))));
    }
  }

  /** The reports. */
  public Reports reports() {
    return reports;
  }

  /** The data plane. */
  public DataPlane dataPlane() {
    return dataPlane;
  }

  /** What people ask about. */
  public Views views() {
    return new Views(publisher, retirement, swapper);
  }

  /** What people tell it. */
  public Orders orders() {
    return new Orders(this::submit, options, wishes, publisher, settler, store, folder, reports);
  }

  private void tick() {
    guarded(() -> {
      retirement.poll();
      stalls.poll();
      if (++ticks % TICKS_A_LOOK == 0 && !closed) {
        boolean changed = look();
        changed |= pollSource();
        changed |= holding.poll();
        boolean again = retries.isTime(wishes.isPassing());
        settleIf(changed || again);
      } else if (swapper.poll() || retirement.hasEnded()) {
        settler.settle(rehearsal());
      }
    });
  }

  private void settleIf(boolean changed) {
    if (changed) {
      wishes.somethingChanged();
      settler.settle(rehearsal());
    }
  }

  private String rehearsal() {
    return options.rehearse() ? Change.REHEARSED : Orders.SWITCHED_OFF;
  }

  /** A file that is still being copied may hold what the configuration needs. */
  private void startWhenFilesRest() throws Refusal, IOException {
    long end = System.nanoTime() + FILES_MAY_TAKE.toNanos();
    while (true) {
      try {
        startup.run();
        return;
      } catch (Refusal refusal) {
        if (!folder.isRestless() || System.nanoTime() > end) {
          throw refusal;
        }
      }
      LockSupport.parkNanos(TICKS_A_LOOK * TICK_MILLIS * 1_000_000);
      look();
    }
  }

  /** What was copied a moment ago is judged with, too: no later look makes up for it. */
  private void lookUntilFilesRest() throws IOException {
    long end = System.nanoTime() + FILES_MAY_TAKE.toNanos();
    look();
    while (folder.isRestless() && System.nanoTime() < end) {
      LockSupport.parkNanos(TICKS_A_LOOK * TICK_MILLIS * 1_000_000);
      look();
    }
  }

  /** Looks at the deploy folder; true when something has changed. */
  private boolean look() throws IOException {
    boolean changed = false;
    for (DeployFolder.Finding finding : folder.look()) {
      switch (finding) {
        case DeployFolder.Finding.Changed(String name, Content content) -> {
          wishes.deployments().changed(name, content);
          changed = true;
        }
        case DeployFolder.Finding.Removed(String name) -> {
          wishes.deployments().removed(name);
          changed = true;
        }
        case DeployFolder.Finding.Bad(String name, String why) ->
            settler.refuse("file " + name, why);
      }
    }
    return changed;
  }

  private boolean pollSource() {
    Source source = publisher.running().source();
    if (source == null) {
      return false;
    }
    try {
      Optional<ConfigDocument> document = source.poll();
      document.ifPresent(wishes::document);
      return document.isPresent();
    } catch (Refusal thrown) {
      if (sourceFailures.add(thrown.reason())) {
        settler.refuse("configuration source", thrown.reason());
      }
      return false;
    }
  }

  private <T> Answer<T> submit(Fence.Call<T> work) {
    CompletableFuture<Answer<T>> done = new CompletableFuture<>();
    thread.execute(() -> {
      try {
        done.complete(new Answer<>(Fence.call("the control thread failed", work), null));
      } catch (Refusal refusal) {
        done.complete(new Answer<>(null, refusal));
      }
    });
    return done.join();
  }

  private static void guarded(Fence.Action work) {
    String failure = Fence.run("the control thread failed", work);
    if (!failure.isEmpty()) {
      LOG.error("{}", failure);
    }
  }
}
