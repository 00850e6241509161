package dev.osprey.host.admin;

import dev.osprey.host.control.Report;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.rehearsal.Rehearsed;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report for people. */
final class ReportText {
  private ReportText() {}

  static String of(Report report) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "#%d %s %s: %s (generation %d)%n",
            report.number(),
            report.time(),
            report.result(),
            report.cause(),
            report.generation()));
    report.swaps().forEach(swap -> text.append(of(swap)));
    DataPlane.Moves moves = report.moves();
    if (moves != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "  moved %d, fell back %d, loops held %.1f us at most, published in %.1f us%n",
              moves.moved(),
              moves.fellBack(),
              moves.longestSliceNanos() / 1000.0,
              moves.nanos() / 1000.0));
      text.append(of(report.stalls()));
      text.append("  rehearsal ").append(report.rehearsal()).append('\n');
    }
    report.rehearsals().forEach(rehearsed -> text.append(of(rehearsed)));
    report.text().lines().forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  private static String of(Report.@Nullable Stalls stalls) {
    if (stalls == null) {
      return "";
    }
    String change = longest("  strands waited %s at most while it was made", stalls.change());
    Report.Measured control = stalls.control();
    return change + (control == null ? "" : longest(", %s without a change", control)) + "\n";
  }

  private static String longest(String text, Report.Measured measured) {
    String millis = String.format(Locale.ROOT, "%.1f ms", measured.longestNanos() / 1e6);
    return String.format(Locale.ROOT, text, millis);
  }

  private static String of(Report.Swap swap) {
    String drain =
        swap.from() == null
            ? ""
            : ", "
                + swap.finishedOnOld()
                + " finish on the old"
                + (swap.drainMillis() < 0 ? "" : ", drained in " + swap.drainMillis() + " ms")
                + ", class loader "
                + swap.classLoader();
    return String.format(
        Locale.ROOT,
        "  %s: %s -> %s%s%n",
        swap.symbolicName(),
        of(swap.from()),
        of(swap.to()),
        drain);
  }

  private static String of(Report.@Nullable Build build) {
    return build == null ? "none" : build.version() + " (bundle " + build.bundleId() + ")";
  }

  private static String of(Rehearsed it) {
    return String.format(
        Locale.ROOT,
        "    %s: %d messages, %d ns each at first, %d ns at the end%n",
        it.slot(),
        it.messages(),
        it.firstNanos(),
        it.lastNanos());
  }
}
