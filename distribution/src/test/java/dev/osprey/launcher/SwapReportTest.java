package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SwapReportTest {
  private static final String NAME = "dev.osprey.codec.http1";
  private static final String ANSWER =
      """
      [{"number":1,"result":"refused","extensions":[],"rehearsal":"none","rehearsals":[],
        "refusal":"dev.osprey.codec.http1 1.0.1: start throws"},
       {"number":2,"result":"published","generation":3,
        "extensions":[{"symbolic_name":"dev.osprey.codec.http1","names":["codec http1"],
          "from":{"version":"1.0.0","bundle":17},"to":{"version":"1.0.1","bundle":23},
          "finished_on_old":0,"class_loader":"pending"}],
        "connections_moved":38,"fell_back":0,"longest_stall_micros":412.5,"publish_micros":900,
        "rehearsal":"done","rehearsals":[{"slot":"x","extension":"codec http1",
          "messages":200000,"first_nanos":2300000,"last_nanos":180}]}]
      """;

  private final List<SwapReport> reports = SwapReport.all(ANSWER);

  @Test
  void putsAPublishedSwapIntoALine() {
    SwapReport report = reports.get(1);

    assertThat(report.number()).isEqualTo(2);
    assertThat(report.isPublished()).isTrue();
    assertThat(report.classLoader(NAME)).isEqualTo("pending");
    assertThat(report.line(NAME))
        .isEqualTo(
            "1.0.0 -> 1.0.1  generation 3  38 connections moved  longest stall 0.41 ms"
                + "  rehearsed 200,000 messages, the first 2300.0 us, the last 0.18 us each");
  }

  @Test
  void saysWhyASwapWasRefused() {
    SwapReport report = reports.getFirst();

    assertThat(report.isPublished()).isFalse();
    assertThat(report.concerns(NAME)).isTrue();
    assertThat(report.concerns("dev.osprey.router")).isFalse();
    assertThat(report.line(NAME)).contains("refused", "start throws");
  }
}
