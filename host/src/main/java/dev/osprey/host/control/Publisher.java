package dev.osprey.host.control;

import dev.osprey.host.config.Offer;
import dev.osprey.host.deploy.Candidate;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.rehearsal.Rehearsed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes a generation the truth, hands the old code to retirement and reports. Called in turn. */
final class Publisher {
  private static final String PENDING = "pending";

  private final DataPlane dataPlane;
  private final Retirement retirement;
  private final Reports reports;
  private final Duration patience;
  private final Queue<Awaited> awaited = new ConcurrentLinkedQueue<>();
  private volatile Running running = Running.NOTHING;

  /**
   * A publisher.
   *
   * @param patience how long to wait for the strands to acknowledge
   */
  Publisher(DataPlane dataPlane, Retirement retirement, Reports reports, Duration patience) {
    this.dataPlane = dataPlane;
    this.retirement = retirement;
    this.reports = reports;
    this.patience = patience;
  }

  /**
   * A step from one state to the next.
   *
   * @param note for the report
   */
  record Step(
      Running before,
      Running after,
      Change change,
      List<Rehearsed> rehearsals,
      Report.Result result,
      String note) {}

  /** A step that some strand has not acknowledged yet: what it replaces is still in use there. */
  private record Awaited(Step step, Report report, CompletableFuture<DataPlane.Moves> moves) {}

  /** True while some strand may not have seen the last generation. */
  boolean isAwaiting() {
    return !awaited.isEmpty();
  }

  /** Looks for late acknowledgements; true when the last one has come. Under the turn. */
  boolean poll() {
    boolean some =
        awaited.removeIf(late -> {
          if (late.moves.isDone()) {
            retire(late.step, late.report);
          }
          return late.moves.isDone();
        });
    return some && awaited.isEmpty();
  }

  /** What is running. */
  Running running() {
    return running;
  }

  /** Notes that a source was opened, which is no generation of its own. */
  void source(@Nullable Source opened) {
    running = running.with(opened);
  }

  /** Notes that a bundle's content is now that of another candidate, with the same bytes. */
  void relabel(String symbolicName, Candidate candidate) {
    Running now = running;
    InUse old = now.bundles().get(symbolicName);
    if (old != null) {
      Map<String, InUse> bundles = new HashMap<>(now.bundles());
      bundles.put(symbolicName, new InUse(old.loaded(), candidate));
      running = new Running(now.generation(), bundles, now.plans(), now.document(), now.source());
    }
  }

  /**
   * Publishes and waits until every strand has acknowledged. What the step replaces is retired only
   * then, and should that take too long, later.
   */
  Report publish(Step step) {
    step.after().plans().values().forEach(planned -> planned.gate().open());
    CompletableFuture<DataPlane.Moves> answer = dataPlane.publish(step.after().generation());
    DataPlane.Moves moves = null;
    String note = step.note();
    try {
      moves = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      note =
          join(
              note,
              "not every strand has acknowledged within "
                  + patience
                  + ": the code before stays until they have, and other changes wait");
    } catch (ExecutionException failed) {
      note = join(note, "publishing failed: " + failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      note = join(note, "the wait for the strands was interrupted");
    }
    running = step.after();
    Report report = report(step, moves, note);
    if (answer.isDone()) {
      retire(step, report);
    } else {
      awaited.add(new Awaited(step, report, answer));
    }
    return report;
  }

  private Report report(Step step, DataPlane.@Nullable Moves moves, String note) {
    List<Report.Swap> swaps = new ArrayList<>();
    step.change()
        .bundles()
        .forEach((name, next) -> swaps.add(swap(name, step.before().bundles().get(name), next)));
    return reports.add(number ->
        new Report(
            number,
            Instant.now(),
            step.change().cause(),
            step.result(),
            step.after().generation().number(),
            swaps,
            moves,
            null,
            step.change().rehearsal(),
            step.rehearsals(),
            note));
  }

  private static Report.Swap swap(String name, @Nullable InUse before, @Nullable InUse next) {
    Loaded from = before == null ? null : before.loaded();
    Loaded to = next == null ? null : next.loaded();
    Loaded either = to == null ? from : to;
    return new Report.Swap(
        name,
        either == null ? List.of() : either.offers().stream().map(Offer::id).toList(),
        Report.Build.of(from),
        Report.Build.of(to),
        from == null ? 0 : from.leases(),
        -1,
        PENDING);
  }

  @SuppressWarnings("ReferenceEquality") // the very same open source, not one like it
  private void retire(Step step, Report report) {
    Source before = step.before().source();
    if (before != null && !before.equals(step.after().source())) {
      before.close();
    }
    boolean byHand = step.result() == Report.Result.HELD;
    for (String name : step.change().bundles().keySet()) {
      InUse old = step.before().bundles().get(name);
      if (old != null) {
        retirement.add(old.loaded(), report.number(), byHand);
      }
    }
  }

  private static String join(String note, String more) {
    return note.isEmpty() ? more : note + "; " + more;
  }
}
