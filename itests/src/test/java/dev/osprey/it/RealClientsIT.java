package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Scratch;
import dev.osprey.load.HalfCloseClient;
import dev.osprey.load.Loop;
import dev.osprey.load.Outcome;
import dev.osprey.load.TcpUpstream;
import dev.osprey.load.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Programs that people have, against the archive; and its access log. */
class RealClientsIT {
  private static final Path FOLDER = Scratch.folder("clients");
  private static final Path LOG = FOLDER.resolve("access.log");
  private static final Loop LOOP = Loop.start("real-clients");
  private static final Upstream UPSTREAM = Upstream.start(LOOP);
  private static final TcpUpstream BYTES = TcpUpstream.echo(LOOP, 0);
  private static final int HTTP = Ports.free();
  private static final int TCP = Ports.free();
  private static final Osprey OSPREY =
      Osprey.start(
          Config.empty()
              .withHttp("http", HTTP, "app", Config.Codec.HTTP1, accessLog())
              .withCluster("app", UPSTREAM.address().getPort())
              .withTcp("tcp", TCP, "bytes")
              .withCluster("bytes", BYTES.address().getPort()));

  private static String accessLog() {
    return """
    access_log:
      - name: envoy.access_loggers.file
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
          path: "%s"
    """
        .formatted(LOG);
  }

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    LOOP.close();
  }

  @Test
  void curlFetchesAndUploads() throws IOException {
    String curl = Programs.find("curl", "curl");
    String url = "http://127.0.0.1:" + HTTP;
    Path body = Files.write(FOLDER.resolve("body"), new byte[1_000_000]);

    String get = Programs.run(FOLDER, curl, "-si", url + "/bytes/10").orFail().out();
    String head = Programs.run(FOLDER, curl, "-sI", url + "/bytes/10").orFail().out();
    String put =
        Programs.run(FOLDER, curl, "-s", "-T", body.toString(), url + "/sink").orFail().out();
    String posted =
        Programs.run(
                FOLDER,
                curl,
                "-s",
                "-H",
                "Transfer-Encoding: chunked",
                "-H",
                "Expect: 100-continue",
                "--data-binary",
                "@" + body,
                url + "/sink")
            .orFail()
            .out();

    assertThat(get).startsWith("HTTP/1.1 200 ").contains("x-osprey-codec: http1/");
    assertThat(head.toLowerCase(java.util.Locale.ROOT)).contains("content-length: 10");
    assertThat(put).contains("bytes=1000000");
    assertThat(posted).contains("bytes=1000000");
  }

  @Test
  void wrkSeesNoErrorThroughFiveSwaps() throws Exception {
    String wrk = Programs.find("wrk", "wrk");
    CompletableFuture<Programs.Result> run =
        CompletableFuture.supplyAsync(() ->
            Programs.run(
                FOLDER, wrk, "-t1", "-c16", "-d8s", "http://127.0.0.1:" + HTTP + "/bytes/100"));
    for (int i = 1; i <= 5; i++) {
      long before = OSPREY.reports().newest();
      OSPREY.drop(Builds.codec("1.0." + i));
      OSPREY.reports().awaitPublished(before, Builds.CODEC, "1.0." + i);
    }
    String out = run.get(60, TimeUnit.SECONDS).orFail().out();

    System.out.println(
        out.lines().filter(it -> it.contains("requests in")).findFirst().orElse(out));
    assertThat(out).contains("requests in").doesNotContain("Socket errors", "Non-2xx");
  }

  @Test
  void ncTalksThroughAndHalfCloseIsCarriedOn() {
    String nc = Programs.find("nc", "netcat-openbsd");
    String out =
        Programs.run(FOLDER, "sh", "-c", "printf hello | " + nc + " -N -w 5 127.0.0.1 " + TCP)
            .orFail()
            .out();

    assertThat(out).isEqualTo("hellobye 5\n");
  }

  @Test
  void halfCloseLosesNoByte() throws Exception {
    List<CompletableFuture<Outcome>> all =
        IntStream.of(0, 1, 100, 1_000_000)
            .mapToObj(bytes -> HalfCloseClient.start(LOOP, Ports.loopback(TCP), bytes))
            .toList();
    for (CompletableFuture<Outcome> one : all) {
      assertThat(one.get(20, TimeUnit.SECONDS).problems()).isEmpty();
    }
  }

  @Test
  void everyRequestIsOneLineOfTheAccessLog() {
    String curl = Programs.find("curl", "curl");
    Programs.run(FOLDER, curl, "-s", "http://127.0.0.1:" + HTTP + "/bytes/42?logged").orFail();

    await("the line").until(() -> Files.exists(LOG) && Files.readString(LOG).contains("?logged"));
    assertThat(lines().stream().filter(line -> line.contains("?logged")))
        .singleElement()
        .asString()
        .matches("\\[20\\d\\d-.*\\] \"GET /bytes/42\\?logged HTTP/1\\.1\" 200 - 0 42 .*");
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(LOG);
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }
}
