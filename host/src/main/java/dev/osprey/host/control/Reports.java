package dev.osprey.host.control;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reports: the last ones in memory, all of them in a file of JSON lines. What becomes known
 * later (drain time, class loader) is written as a further line of the same number; the last line
 * of a number counts. Numbers go on where an earlier process ended. Thread-safe.
 */
public final class Reports {
  private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
  private static final int KEPT = 200;

  private final Path path;
  private final ReportFile file;
  private final Deque<Report> last = new ArrayDeque<>();
  private long number;

  /** Reports that are appended to a file. */
  Reports(Path file) {
    this.path = file;
    this.file = new ReportFile(file);
    try {
      number = this.file.lastNumber();
    } catch (IOException unreadable) {
      LOG.warn("reports are numbered from 1, for {} can't be read: {}", path, "" + unreadable);
    }
  }

  /** The last reports, the newest last. */
  public synchronized List<Report> last(int most) {
    List<Report> all = new ArrayList<>(last);
    return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
  }

  /** Number of the newest report, of an earlier process perhaps; 0 when there was none. */
  public synchronized long newest() {
    return number;
  }

  synchronized Report add(LongFunction<Report> numbered) {
    Report report = numbered.apply(++number);
    last.addLast(report);
    if (last.size() > KEPT) {
      last.removeFirst();
    }
    write(report);
    log(report);
    return report;
  }

  /** Completes what a report says of a bundle; {@code last} when nothing more will be known. */
  synchronized void complete(
      long wanted, String symbolicName, boolean done, UnaryOperator<Report.Swap> change) {
    complete(wanted, done, report -> report.swap(symbolicName, change));
  }

  /** Completes a report with what was measured after it. */
  synchronized void complete(long wanted, Report.Stalls stalls) {
    complete(wanted, true, report -> report.stalls(stalls));
  }

  private void complete(long wanted, boolean writing, UnaryOperator<Report> change) {
    List<Report> all = new ArrayList<>(last);
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).number() == wanted) {
        all.set(i, change.apply(all.get(i)));
        last.clear();
        last.addAll(all);
        if (writing) {
          write(all.get(i));
        }
        return;
      }
    }
  }

  private void write(Report report) {
    try {
      file.append(ReportJson.of(report).toString());
    } catch (IOException full) {
      LOG.warn("report {} could not be kept in {}: {}", report.number(), path, full.toString());
    }
  }

  private static void log(Report report) {
    String line = ReportLine.of(report);
    if (report.result() == Report.Result.PUBLISHED) {
      LOG.info("{}", line);
    } else {
      LOG.warn("{}", line);
    }
  }
}
