package dev.osprey.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Many HTTP/1.1 connections that check every answer and never retry.
 *
 * <p>Each request asks {@code /echo/TOKEN/N} of an {@link Upstream} behind the proxy under test.
 * The methods are safe from every thread and take effect before they return.
 */
public final class SoakClient implements AutoCloseable {
  private static final long WATCH_NANOS = 50_000_000;

  private final Loop loop;
  private final SoakOptions options;
  private final List<SoakConnection> connections = new ArrayList<>();
  private final Failures failures = new Failures();
  private final Latencies latencies;
  private final Histogram lateness = new Histogram(1, 600_000_000, 2);
  private final CompletableFuture<SoakReport> finished = new CompletableFuture<>();
  private final List<CompletableFuture<Boolean>> waitingForQuiet = new ArrayList<>();
  private final long started = System.nanoTime();
  private long taken;
  private long answered;
  private long opened;
  private int pending;
  private boolean paused;
  private boolean stopped;
  private long paceStart;
  private long paceCount;

  private SoakClient(Loop loop, SoakOptions options) {
    this.loop = loop;
    this.options = options;
    latencies = new Latencies(options.stallLimit().toNanos() / 1000);
  }

  /** Starts the load. */
  public static SoakClient start(Loop loop, SoakOptions options) {
    SoakClient client = new SoakClient(loop, options);
    loop.execute(client::begin);
    return client;
  }

  /** Opens a latency window; one that is still open ends. */
  public void windowBegin(WindowKind kind) {
    long now = System.nanoTime();
    loop.call(() -> andTrue(() -> latencies.begin(kind, now)));
  }

  /** Ends the open latency window. */
  public void windowEnd() {
    long now = System.nanoTime();
    loop.call(() -> andTrue(() -> latencies.end(now)));
  }

  /**
   * Stops sending and waits until nothing is pending; all connections stay open.
   *
   * @return whether it became quiet within the bound
   */
  public boolean pause(Duration bound) {
    return await(loop.call(this::quiesce), bound);
  }

  /** Goes on sending after a pause. */
  public void resume() {
    loop.execute(this::goOn);
  }

  /** How many requests were answered rightly so far; cheap. */
  public long answered() {
    return loop.call(() -> answered);
  }

  /**
   * The figures so far. Takes the loop's time, more of it the more windows there were: not while
   * traffic is to go on.
   */
  public SoakReport report() {
    return loop.call(this::snapshot);
  }

  /**
   * Completes when {@code maxRequests} are answered or failed; the connections are still open then.
   */
  public CompletableFuture<SoakReport> finished() {
    return finished;
  }

  /** Stops sending, waits for what is pending, closes all connections, and reports. */
  public SoakReport stop(Duration bound) {
    pause(bound);
    return loop.call(this::end);
  }

  /** Closes all connections at once; what is pending counts as unfinished. */
  @Override
  public void close() {
    loop.call(this::end);
  }

  SoakOptions options() {
    return options;
  }

  Loop loop() {
    return loop;
  }

  boolean isStopped() {
    return stopped;
  }

  /** Whether one more request may leave now; counts it if so. */
  boolean take() {
    if (paused || stopped || taken >= options.maxRequests()) {
      return false;
    }
    taken++;
    pending++;
    return true;
  }

  void sent(long intended, long now) {
    if (options.rate() > 0) {
      lateness.recordValue(Math.clamp((now - intended) / 1000, 0, 600_000_000));
    }
  }

  void answered(int connection, long intended, long now, boolean right) {
    if (right) {
      answered++;
      latencies.record(connection, intended, now);
    }
    settled(1);
  }

  void settled(int requests) {
    pending -= requests;
    if (pending == 0 && !waitingForQuiet.isEmpty()) {
      waitingForQuiet.forEach(quiet -> quiet.complete(true));
      waitingForQuiet.clear();
    }
    if (pending == 0 && taken >= options.maxRequests()) {
      finished.complete(snapshot());
    }
  }

  void fail(FailureKind kind, int connection, String detail) {
    failures.add(kind, connection, detail);
  }

  void opened() {
    opened++;
  }

  private void begin() {
    for (int i = 0; i < options.connections(); i++) {
      SoakConnection connection = new SoakConnection(this, i);
      connections.add(connection);
      connection.open();
    }
    watch();
    startPace();
  }

  private void startPace() {
    if (options.rate() > 0) {
      paceStart = System.nanoTime();
      paceCount = 0;
      pace();
    }
  }

  /** Hands every request that is due to its connection, and comes back when the next one is. */
  private void pace() {
    if (paused || stopped) {
      return;
    }
    double interval = 1e9 / options.rate();
    long now = System.nanoTime();
    long due = paceStart + (long) (paceCount * interval);
    while (due - now <= 0) {
      connections.get((int) (paceCount % connections.size())).due(due);
      paceCount++;
      due = paceStart + (long) (paceCount * interval);
    }
    loop.at(due, this::pace);
  }

  private void watch() {
    if (stopped) {
      return;
    }
    long now = System.nanoTime();
    for (SoakConnection connection : connections) {
      connection.checkStall(now);
    }
    loop.at(now + WATCH_NANOS, this::watch);
  }

  private CompletableFuture<Boolean> quiesce() {
    paused = true;
    CompletableFuture<Boolean> quiet = new CompletableFuture<>();
    if (pending == 0) {
      quiet.complete(true);
    } else {
      waitingForQuiet.add(quiet);
    }
    return quiet;
  }

  private void goOn() {
    if (!paused || stopped) {
      return;
    }
    paused = false;
    connections.forEach(SoakConnection::wake);
    startPace();
  }

  private SoakReport end() {
    if (!stopped) {
      stopped = true;
      connections.forEach(SoakConnection::finish);
      pending = 0;
    }
    return snapshot();
  }

  private SoakReport snapshot() {
    List<VersionTrace> traces =
        connections.stream()
            .filter(SoakConnection::isLongLived)
            .map(SoakConnection::trace)
            .toList();
    return new SoakReport(
        taken,
        answered,
        pending,
        failures.counts(),
        failures.examples(),
        opened,
        traces.size(),
        (int) traces.stream().filter(VersionTrace::alive).count(),
        latencies.summary(),
        LatencySummary.of(lateness),
        traces,
        Duration.ofNanos(System.nanoTime() - started));
  }

  private static boolean andTrue(Runnable action) {
    action.run();
    return true;
  }

  private static boolean await(CompletableFuture<Boolean> quiet, Duration bound) {
    try {
      return quiet.get(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
