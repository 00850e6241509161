package dev.osprey.host.control;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report in the one line that the log has of it; all of it is in the file of reports. */
final class ReportLine {
  private static final int NAMED = 4;

  private ReportLine() {}

  static String of(Report report) {
    StringBuilder line =
        new StringBuilder()
            .append("change ")
            .append(report.number())
            .append(' ')
            .append(report.result().name().toLowerCase(Locale.ROOT))
            .append(": ")
            .append(report.cause());
    if (!report.swaps().isEmpty()) {
      line.append("; ").append(bundles(report.swaps()));
    }
    if (report.moves() != null) {
      line.append("; generation ").append(report.generation());
      line.append(", ").append(report.moves().moved()).append(" connections moved");
      if (report.moves().fellBack() > 0) {
        line.append(", ").append(report.moves().fellBack()).append(" fell back");
      }
    }
    return report.text().isEmpty() ? line.toString() : line + "; " + report.text();
  }

  private static String bundles(List<Report.Swap> swaps) {
    String some =
        swaps.stream()
            .limit(swaps.size() > NAMED ? 0 : NAMED)
            .map(swap -> swap.symbolicName() + " " + version(swap.from()) + version(swap))
            .collect(Collectors.joining(", "));
    return some.isEmpty() ? swaps.size() + " bundles" : some;
  }

  private static String version(Report.Swap swap) {
    return swap.to() == null ? "(gone)" : swap.to().version();
  }

  private static String version(Report.@Nullable Build before) {
    return before == null ? "" : before.version() + " -> ";
  }
}
