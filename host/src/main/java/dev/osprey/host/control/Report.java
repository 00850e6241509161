package dev.osprey.host.control;

import dev.osprey.host.io.DataPlane;
import dev.osprey.host.rehearsal.Rehearsed;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What became of one change.
 *
 * @param number counts the changes of a data folder from 1, over all its processes
 * @param generation the generation in use afterwards
 * @param moves what publishing did; null when nothing was published
 * @param stalls how long strands were kept waiting; null while that is being measured
 * @param rehearsal {@code done}, or why there was none
 * @param text why it was refused, or what else there is to say; empty for nothing
 */
public record Report(
    long number,
    Instant time,
    String cause,
    Result result,
    long generation,
    List<Swap> swaps,
    DataPlane.@Nullable Moves moves,
    @Nullable Stalls stalls,
    String rehearsal,
    List<Rehearsed> rehearsals,
    String text) {
  public Report {
    swaps = List.copyOf(swaps);
    rehearsals = List.copyOf(rehearsals);
  }

  /** How it ended. */
  public enum Result {
    /** It is in use. */
    PUBLISHED,
    /** Nothing has changed. */
    REFUSED,
    /** Somebody stopped code in use; a stand-in with the same content took over. */
    HELD
  }

  /**
   * The exchange of one bundle.
   *
   * @param extensions kind and name of each
   * @param from what was in use; null for a bundle that is new
   * @param to what is in use now; null for a bundle that is gone
   * @param finishedOnOld leases open on the old code after the switch
   * @param drainMillis time until the last of them ended; -1 while there are some
   * @param classLoader what became of the old class loader
   */
  public record Swap(
      String symbolicName,
      List<String> extensions,
      @Nullable Build from,
      @Nullable Build to,
      int finishedOnOld,
      long drainMillis,
      String classLoader) {
    public Swap {
      extensions = List.copyOf(extensions);
    }

    Swap drained(long millis) {
      return new Swap(symbolicName, extensions, from, to, finishedOnOld, millis, classLoader);
    }

    Swap loader(String verdict) {
      return new Swap(symbolicName, extensions, from, to, finishedOnOld, drainMillis, verdict);
    }
  }

  /**
   * How long strands were kept waiting, for whatever reason.
   *
   * @param change while the change was made
   * @param control at a quiet time soon after; null when the next change came too soon
   */
  public record Stalls(Measured change, @Nullable Measured control) {}

  /**
   * A stretch of time in which the strands were asked for signs of life.
   *
   * @param millis its length
   * @param longestNanos the longest that a sign was overdue on any strand
   */
  public record Measured(long millis, long longestNanos) {}

  /** A version in the framework. */
  public record Build(String version, long bundleId) {
    static @Nullable Build of(@Nullable Loaded loaded) {
      return loaded == null ? null : new Build(loaded.version(), loaded.bundleId());
    }
  }

  Report swap(String symbolicName, UnaryOperator<Swap> change) {
    return new Report(
        number,
        time,
        cause,
        result,
        generation,
        swaps.stream()
            .map(swap -> swap.symbolicName().equals(symbolicName) ? change.apply(swap) : swap)
            .toList(),
        moves,
        stalls,
        rehearsal,
        rehearsals,
        text);
  }

  Report stalls(Stalls measured) {
    return new Report(
        number,
        time,
        cause,
        result,
        generation,
        swaps,
        moves,
        measured,
        rehearsal,
        rehearsals,
        text);
  }
}
