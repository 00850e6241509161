package dev.osprey.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.io.DataPlane;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportLineTest {
  private static final Report.Swap SWAP = swap("1.0.0", "1.0.1");

  @Test
  void namesWhatWasExchanged() {
    assertThat(line(Report.Result.PUBLISHED, List.of(SWAP), new DataPlane.Moves(36, 0, 1, 1), ""))
        .isEqualTo(
            "change 7 published: the cause; some.codec 1.0.0 -> 1.0.1; generation 3,"
                + " 36 connections moved");
  }

  @Test
  void countsTheBundlesOfAStart() {
    List<Report.Swap> many = Collections.nCopies(11, swap(null, "1.0.0"));
    assertThat(line(Report.Result.PUBLISHED, many, new DataPlane.Moves(0, 2, 1, 1), ""))
        .contains("; 11 bundles; ", ", 2 fell back");
  }

  @Test
  void saysWhyAChangeWasRefused_andWhatIsGone() {
    assertThat(line(Report.Result.REFUSED, List.of(swap("1.0.0", null)), null, "it can't be read"))
        .isEqualTo("change 7 refused: the cause; some.codec 1.0.0 -> (gone); it can't be read");
  }

  private static String line(
      Report.Result result, List<Report.Swap> swaps, DataPlane.Moves moves, String text) {
    return ReportLine.of(
        new Report(
            7, Instant.EPOCH, "the cause", result, 3, swaps, moves, null, "", List.of(), text));
  }

  private static Report.Swap swap(String from, String to) {
    return new Report.Swap(
        "some.codec",
        List.of("codec/some"),
        from == null ? null : new Report.Build(from, 1),
        to == null ? null : new Report.Build(to, 2),
        0,
        -1,
        "pending");
  }
}
