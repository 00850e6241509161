package dev.osprey.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportFileTest {
  @TempDir Path folder;
  private Path path;
  private ReportFile file;

  @BeforeEach
  void open() {
    path = folder.resolve("reports.jsonl");
    file = new ReportFile(path, 100);
  }

  @Test
  void beginsWithNothing() throws Exception {
    assertThat(file.lastNumber()).isZero();
    file.append(line(1));
    assertThat(path).hasContent(line(1) + "\n");
  }

  @Test
  void theHighestNumberIsTheLast_alsoWhenAnOlderReportIsCompletedAfterIt() throws Exception {
    file.append(line(11));
    file.append(line(12));
    file.append(line(9));
    assertThat(file.lastNumber()).isEqualTo(12);
  }

  @Test
  void readsOnlyTheEnd_orMoreWhereALineIsLong() throws Exception {
    String early = line(99) + "\n" + line(3) + "\n";
    String filler = "x".repeat(999) + "\n";
    Files.writeString(path, line(99) + "\n" + filler.repeat(1200) + line(5) + "\n");
    assertThat(file.lastNumber()).isEqualTo(5);
    Files.writeString(path, early.repeat(20_000) + "{\"number\":7,\"x\":\"" + "x".repeat(3 << 20));
    assertThat(file.lastNumber()).isEqualTo(99);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"number\":3", "{\"number\":", "{", "\0\0\0", "{\"number\":2,\"x\":\"caf\u00e9"})
  void aDamagedLastLineGoes_whenTheNextIsWritten(String damaged) throws Exception {
    Files.writeString(path, line(1) + "\n" + line(2) + "\n" + damaged);
    assertThat(file.lastNumber()).isEqualTo(2);
    file.append(line(3));
    assertThat(Files.readAllLines(path)).containsExactly(line(1), line(2), line(3));
  }

  @Test
  void theNumberOfACutLineIsNotGivenAgain() throws Exception {
    Files.writeString(path, line(1) + "\n{\"number\":2,\"time\":\"20");
    assertThat(file.lastNumber()).isEqualTo(2);
  }

  @Test
  void onlyDamage_isNoNumber() throws Exception {
    Files.write(
        path, "\u0085{\"number\":8,\n\r{\"number\":9,".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(file.lastNumber()).isZero();
    file.append(line(1));
    assertThat(file.lastNumber()).isEqualTo(1);
  }

  @Test
  void beginsANewFile_whenItIsLarge_andKeepsOneFormerOne() throws Exception {
    for (int i = 1; i <= 20; i++) {
      file.append(line(i));
    }
    Path former = folder.resolve("reports.1.jsonl");
    assertThat(folder).isDirectoryContaining(path::equals).isDirectoryContaining(former::equals);
    assertThat(Files.size(former)).isBetween(101L, 100L + line(20).length() + 1);
    assertThat(Files.readString(former) + Files.readString(path))
        .as("the last lines, none missing")
        .endsWith(
            IntStream.rangeClosed(15, 20)
                .mapToObj(i -> line(i) + "\n")
                .collect(Collectors.joining()));
    assertThat(file.lastNumber()).isEqualTo(20);
  }

  @Test
  void numbersGoOn_whenTheNewFileHoldsOnlyCompletionsOfOldReports() throws Exception {
    Files.writeString(folder.resolve("reports.1.jsonl"), line(41) + "\n" + line(42) + "\n");
    file.append(line(40));
    assertThat(file.lastNumber()).isEqualTo(42);
  }

  private static String line(int number) {
    return "{\"number\":" + number + ",\"cause\":\"a file\"}";
  }
}
