package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.Scratch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Publishers and subscribers that stay connected through 20 swaps of network-tcp-proxy. */
class MessagingIT {
  private static final int SWAPS = 20;
  private static final int MESSAGES = 1000;
  private static final List<String> EXPECTED =
      IntStream.range(0, MESSAGES).mapToObj(i -> "message-" + i).toList();

  @Test
  void redisDeliversEveryMessageExactlyOnce() throws Exception {
    int port = Ports.free();
    Path folder = Scratch.folder("redis");
    String redis = Programs.find("redis-server", "redis-server");
    String cli = Programs.find("redis-cli", "redis-tools");
    Process server =
        Programs.start(
            folder,
            folder.resolve("server.txt"),
            List.of(redis, "--port", "" + port, "--bind", "127.0.0.1", "--save", ""));
    try {
      awaitOpen(port);
      deliver(
          port,
          through -> List.of(cli, "-p", "" + through, "--raw", "subscribe", "news"),
          through -> List.of(cli, "-p", "" + through),
          message -> "publish news " + message,
          line -> line.startsWith("message-"),
          "subscribe");
    } finally {
      server.destroy();
    }
  }

  @Test
  void mosquittoDeliversEveryMessageExactlyOnce() throws Exception {
    int port = Ports.free();
    Path folder = Scratch.folder("mosquitto");
    String mosquitto = Programs.find("mosquitto", "mosquitto");
    String sub = Programs.find("mosquitto_sub", "mosquitto-clients");
    String pub = Programs.find("mosquitto_pub", "mosquitto-clients");
    Path conf =
        Files.writeString(
            folder.resolve("mosquitto.conf"),
            "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\n");
    Process server =
        Programs.start(
            folder, folder.resolve("server.txt"), List.of(mosquitto, "-c", conf.toString()));
    try {
      awaitOpen(port);
      deliver(
          port,
          through ->
              List.of(
                  "stdbuf",
                  "-oL",
                  sub,
                  "-h",
                  "127.0.0.1",
                  "-p",
                  "" + through,
                  "-t",
                  "news",
                  "-q",
                  "1",
                  "-d"),
          through ->
              List.of(pub, "-h", "127.0.0.1", "-p", "" + through, "-t", "news", "-q", "1", "-l"),
          message -> message,
          line -> line.startsWith("message-"),
          "SUBACK");
    } finally {
      server.destroy();
    }
  }

  /** Makes a command line that goes through a port. */
  private interface Client {
    List<String> through(int port);
  }

  private static void deliver(
      int server,
      Client subscriber,
      Client publisher,
      UnaryOperator<String> wording,
      Predicate<String> isMessage,
      String subscribed)
      throws Exception {
    int port = Ports.free();
    try (Osprey osprey = Osprey.start(Config.tcp(port, server));
        ExecutorService reading = Executors.newVirtualThreadPerTaskExecutor()) {
      Process subscribing = start(subscriber.through(port));
      Process publishing = start(publisher.through(port));
      try {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        Future<?> reader = reading.submit(() -> lines(subscribing, seen));
        Future<?> answers = reading.submit(() -> lines(publishing, new ArrayList<>()));
        await("subscribed").until(() -> seen.stream().anyMatch(it -> it.contains(subscribed)));
        Future<?> writer = reading.submit(() -> publish(publishing, wording));
        int moved = swap(osprey);
        writer.get(60, TimeUnit.SECONDS);
        await("all messages")
            .atMost(Duration.ofSeconds(30))
            .until(() -> count(seen, isMessage) >= MESSAGES);

        assertThat(subscribing.isAlive()).as("the subscriber is still connected").isTrue();
        assertThat(publishing.isAlive() || publishing.exitValue() == 0).isTrue();
        assertThat(List.copyOf(seen).stream().filter(isMessage))
            .containsExactlyElementsOf(EXPECTED);
        System.out.printf(
            "%d messages once each, %d swaps, %d connections moved%n", MESSAGES, SWAPS, moved);
        assertThat(moved).isGreaterThanOrEqualTo(SWAPS);
        subscribing.destroy();
        publishing.destroy();
        reader.get(20, TimeUnit.SECONDS);
        answers.get(20, TimeUnit.SECONDS);
      } finally {
        subscribing.destroyForcibly();
        publishing.destroyForcibly();
      }
    }
  }

  private static int swap(Osprey osprey) {
    Path[] builds = {Builds.tcp("1.0.1"), Builds.tcp("1.0.0")};
    int moved = 0;
    for (int i = 0; i < SWAPS; i++) {
      long before = osprey.reports().newest();
      osprey.drop(builds[i % 2]);
      Report report = osprey.reports().awaitPublished(before, Builds.TCP, "1.0." + (i + 1) % 2);
      assertThat(report.fellBack()).isZero();
      moved += (int) report.connectionsMoved();
    }
    return moved;
  }

  /** Sends one message about every 10 ms, so that swaps fall between any two and inside of some. */
  private static void publish(Process process, UnaryOperator<String> wording) {
    try (var out = process.outputWriter(StandardCharsets.UTF_8)) {
      for (String message : EXPECTED) {
        out.write(wording.apply(message) + "\n");
        out.flush();
        TimeUnit.MILLISECONDS.sleep(10);
      }
      out.flush();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static long count(List<String> seen, Predicate<String> isMessage) {
    return List.copyOf(seen).stream().filter(isMessage).count();
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static void lines(Process process, List<String> into) {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        into.add(line);
      }
    } catch (IOException ended) {
      into.add("ended: " + ended);
    }
  }

  private static void awaitOpen(int port) {
    await("the server listens")
        .ignoreExceptions()
        .until(() -> {
          try (RawHttp probe = RawHttp.connect(port)) {
            return probe.localPort() > 0;
          }
        });
  }
}
