package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlClientTest {
  @TempDir Path data;
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();

  @Test
  void sendsWordsAndGivesTextAndExitCode() throws Exception {
    try (FakeInstance instance = instance("{\"out\":\"a\\n\"}", "{\"out\":\"b\"}", "{\"exit\":3}");
        ControlClient client = ControlClient.connect(data)) {
      int exit = client.send(new ControlRequest.Words("stop", List.of("7", "x y"), true), out, err);

      assertThat(exit).isEqualTo(3);
      assertThat(out).hasToString("a\nb");
      assertThat(instance.requests())
          .containsExactly("{\"command\":\"stop\",\"args\":[\"7\",\"x y\"],\"json\":true}");
    }
  }

  @Test
  void asksForCompletion() throws Exception {
    try (FakeInstance instance = instance("{\"out\":\"[\\\"lb\\\"]\"}", "{\"exit\":0}");
        ControlClient client = ControlClient.connect(data)) {
      assertThat(client.text(ControlRequest.complete("l", 1))).isEqualTo("[\"lb\"]");
      assertThat(instance.requests().getFirst()).contains("\"complete\"", "[\"l\",\"1\"]");
    }
  }

  @Test
  void followsThePointerToAnotherPath() throws Exception {
    Path elsewhere = Files.createDirectory(data.resolve("s")).resolve("short");
    Files.writeString(data.resolve("ctl.path"), elsewhere + "\n");
    try (FakeInstance _ = FakeInstance.at(elsewhere, _ -> List.of("{\"exit\":0}"));
        ControlClient client = ControlClient.connect(data)) {
      assertThat(client.send(new ControlRequest.Line("lb"), out, err)).isZero();
    }
  }

  @Test
  void saysThatNoInstanceRuns() {
    assertThatThrownBy(() -> ControlClient.connect(data))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("no instance runs on the data folder " + data);
    assertThat(Main.run(new Home(data), "ctl", "--data", data.toString(), "lb")).isEqualTo(1);
  }

  @Test
  void saysThatTheInstanceHasEnded() throws Exception {
    try (FakeInstance _ = closingInstance();
        ControlClient client = ControlClient.connect(data)) {
      assertThatThrownBy(() -> client.text(new ControlRequest.Line("lb")))
          .isInstanceOf(CommandFailure.class);
    }
  }

  @Test
  void runsAScriptOverOneConnection_andGivesTheLastExitCode() throws Exception {
    String script = "# a comment\nx = 1\n\n  lb\nexit\nnever\n";
    try (FakeInstance instance =
            FakeInstance.at(
                data.resolve("ctl.sock"),
                request ->
                    List.of(
                        request.get("command").getAsString().equals("lb")
                            ? "{\"exit\":4}"
                            : "{\"exit\":0}"));
        ControlClient client = ControlClient.connect(data)) {
      int exit =
          new Shell(client, out, err).run(new BufferedReader(new StringReader(script))::readLine);

      assertThat(exit).isEqualTo(4);
      assertThat(instance.requests())
          .containsExactly(
              "{\"command\":\"x = 1\",\"line\":true}", "{\"command\":\"lb\",\"line\":true}");
    }
  }

  @Test
  void passesUnknownOptionsOnToTheCommand() throws Exception {
    try (FakeInstance instance = instance("{\"exit\":5}")) {
      int exit =
          Main.run(
              new Home(data),
              "ctl",
              "--data",
              data.toString(),
              "swap",
              "http1",
              "--weight",
              "5",
              "--json");

      assertThat(exit).isEqualTo(5);
      assertThat(instance.requests().getFirst())
          .contains("[\"http1\",\"--weight\",\"5\"],\"json\":true");
    }
  }

  private FakeInstance closingInstance() throws Exception {
    return FakeInstance.at(
        data.resolve("ctl.sock"),
        _ -> {
          throw new UncheckedIOException(new IOException("ends in mid-answer"));
        });
  }

  private FakeInstance instance(String... answers) throws Exception {
    return FakeInstance.at(data.resolve("ctl.sock"), _ -> List.of(answers));
  }
}
