package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which build serves after a start, and after the next one. */
class RestartIT {
  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private final int port = Ports.free();
  private final Config config = Config.http(port, upstream.port());

  @AfterEach
  void close() {
    upstream.close();
  }

  @Test
  void withoutARecordTheHighestVersionWins() {
    List<Path> jars = List.of(Builds.codec("1.2.0"), Builds.codec("1.10.0"), Builds.codec("0.9.0"));

    try (Osprey osprey = Osprey.start(Archive.shared(), config, jars)) {
      assertThat(serving()).isEqualTo("1.10.0");
      assertThat(osprey.stop()).isZero();
    }
  }

  @Test
  void theChoiceSurvivesARestart() {
    try (Osprey first = Osprey.start(config)) {
      deploy(first, Builds.codec("2.0.0"), "2.0.0");
      deploy(first, Builds.codec("1.5.0"), "1.5.0");
      assertThat(first.stop()).isZero();
      try (Osprey second = first.again()) {
        assertThat(serving()).isEqualTo("1.5.0");
        assertThat(second.stop()).isZero();
      }
    }
  }

  @Test
  void aRecordThatAPowerCutHasDamagedIsSetAside() throws IOException {
    try (Osprey first = Osprey.start(config)) {
      deploy(first, Builds.codec("2.0.0"), "2.0.0");
      deploy(first, Builds.codec("1.5.0"), "1.5.0");
      long last = first.reports().newest();
      first.close();
      Path record = first.data().resolve("deploy.json");
      String whole = Files.readString(record);
      Files.writeString(record, whole.substring(0, whole.length() / 2));
      try (Osprey second = first.again()) {
        second.reports().awaitPublished(last, Builds.CODEC, "2.0.0");
        assertThat(serving()).as("the highest version").isEqualTo("2.0.0");
        assertThat(second.linesWith("deploy.json.damaged")).hasSize(1);
        assertThat(first.data().resolve("deploy.json.damaged")).exists();
        assertThat(second.reports().all()).allMatch(report -> report.number() > last);
        assertThat(second.stop()).isZero();
      }
    }
  }

  @Test
  void aFileThatChangedWhileItWasDownWins() throws IOException {
    try (Osprey first = Osprey.start(config)) {
      deploy(first, Builds.codec("2.0.0"), "2.0.0");
      assertThat(first.stop()).isZero();
      Path late = Builds.codec("1.7.0");
      Files.copy(late, first.deploy().resolve("late.jar"));
      try (Osprey second = first.again()) {
        second.reports().awaitAfter(0, "served", it -> it.to(Builds.CODEC).equals("1.7.0"));
        assertThat(serving()).isEqualTo("1.7.0");
      }
    }
  }

  @Test
  void aFileThatWasRemovedWhileItWasDownIsGone() throws IOException {
    try (Osprey first = Osprey.start(config)) {
      Path jar = Builds.codec("2.0.0");
      deploy(first, jar, "2.0.0");
      assertThat(first.stop()).isZero();
      Files.delete(first.deploy().resolve(jar.getFileName().toString()));
      try (Osprey second = first.again()) {
        assertThat(serving()).isEqualTo("1.0.0");
        assertThat(second.isAlive()).isTrue();
      }
    }
  }

  @Test
  void theLastFileOfABundleThatSystemLacksIsNotTakenAway() throws IOException {
    Archive spoilt = Archive.unpack();
    Path jar = Builds.codec("1.1.0");
    Files.delete(spoilt.extension("osprey-codec-http1"));
    try (Osprey osprey = Osprey.start(spoilt, config, List.of(jar))) {
      long before = osprey.reports().newest();
      osprey.remove(jar);

      assertThat(osprey.reports().awaitRefused(before, "removal").refusal()).isNotEmpty();
      assertThat(serving()).isEqualTo("1.1.0");
    }
  }

  private static void deploy(Osprey osprey, Path jar, String version) {
    long before = osprey.reports().newest();
    osprey.drop(jar);
    osprey.reports().awaitPublished(before, Builds.CODEC, version);
  }

  private String serving() {
    try (RawHttp client = RawHttp.connect(port)) {
      String answer = client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
      int at = answer.indexOf("x-osprey-codec: http1/") + 22;
      return answer.substring(at, answer.indexOf('\r', at));
    }
  }
}
