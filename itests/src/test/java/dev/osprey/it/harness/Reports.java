package dev.osprey.it.harness;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** The reports of an instance. */
public final class Reports {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(25);

  private final Ctl ctl;
  private final List<Path> files;

  Reports(Ctl ctl, Path data) {
    this.ctl = ctl;
    this.files = List.of(data.resolve("reports.1.jsonl"), data.resolve("reports.jsonl"));
  }

  /** Those that the instance still has in memory, the oldest first. */
  public List<Report> all() {
    List<Report> all = new ArrayList<>();
    for (JsonElement element : ctl.json("reports", "200").getAsJsonArray()) {
      all.add(new Report(element.getAsJsonObject()));
    }
    return all;
  }

  /** All lines of {@code reports.jsonl}, after those of the file before it if there was one. */
  public List<Report> file() {
    List<Report> all = new ArrayList<>();
    try {
      for (Path file : files) {
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
          all.add(new Report(JsonParser.parseString(line).getAsJsonObject()));
        }
      }
      return all;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Number of the newest report; 0 when there is none. */
  public long newest() {
    return all().stream().mapToLong(Report::number).max().orElse(0);
  }

  /** All reports after a number, also those that the instance has only in its file by now. */
  public Collection<Report> allAfter(long number) {
    Map<Long, Report> latest = new TreeMap<>();
    file().forEach(report -> latest.put(report.number(), report));
    latest.keySet().removeIf(it -> it <= number);
    return latest.values();
  }

  /** The reports after a number, of those that the instance still has in memory. */
  public List<Report> after(long number) {
    return all().stream().filter(report -> report.number() > number).toList();
  }

  /** Waits for a report after a number. */
  public Report awaitAfter(long number, String what, Predicate<Report> wanted) {
    return awaitAfter(number, what, BOUND, wanted);
  }

  /** Waits for a report after a number, within a bound. */
  public Report awaitAfter(long number, String what, Duration bound, Predicate<Report> wanted) {
    AtomicReference<@Nullable Report> found = new AtomicReference<>();
    try {
      await(what)
          .atMost(bound)
          .pollDelay(Duration.ZERO)
          .pollInterval(LOOK)
          .until(() -> {
            Optional<Report> first = after(number).stream().filter(wanted).findFirst();
            found.set(first.orElse(null));
            return first.isPresent();
          });
    } catch (ConditionTimeoutException late) {
      throw new AssertionError(
          "no report within " + bound + ": " + what + "; there are " + after(number), late);
    }
    return java.util.Objects.requireNonNull(found.get());
  }

  /** Waits for a bundle's change to a version. */
  public Report awaitPublished(long after, String symbolicName, String version) {
    return awaitAfter(
        after,
        symbolicName + " " + version + " in use",
        report -> report.isPublished() && report.to(symbolicName).equals(version));
  }

  /** Waits for a refusal. */
  public Report awaitRefused(long after, String what) {
    return awaitAfter(after, "refusal: " + what, Report::isRefused);
  }
}
