package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.bundle.ThrowsOnPath;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an extension throws ends one stream or connection, is counted, and hurts nobody else. */
class FencedExceptionsIT {
  private static final String LOG =
      """
      access_log:
        - name: out
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
      """;
  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.start();
  private static final int HTTP = Ports.free();
  private static final int TCP = Ports.free();
  private static final Osprey OSPREY =
      Osprey.start(
          Archive.shared(),
          Config.empty()
              .withHttp("http", HTTP, "app", Config.Codec.HTTP1, LOG)
              .withTcp("tcp", TCP, "app")
              .withCluster("app", UPSTREAM.port()),
          List.of(Builds.forgeCodec().withVersion("1.9.9").startingBy(ThrowsOnPath.class).write()),
          Osprey.WATCHING_BUFFERS);
  private static final String OK = "GET /fine HTTP/1.1\r\nHost: x\r\n\r\n";

  @AfterAll
  static void end() {
    UPSTREAM.reset();
    OSPREY.assertNoLeaks(() -> {
      assertThat(ask(HTTP)).endsWith("ok");
      assertThat(ask(TCP)).endsWith("ok");
    });
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @BeforeEach
  void forget() {
    UPSTREAM.reset();
  }

  @ParameterizedTest
  @CsvSource({
    "server, decode, exception",
    "server, decode, error",
    "server, decode, stack",
    "server, respond, exception",
    "server, respond, stack",
    "server, data, error",
    "server, closed, exception",
    "server, closed, stack",
    "client, request, exception",
    "client, request, error",
    "client, decode, stack",
    "client, decode, error",
    "client, data, exception",
    "client, isAtRest, exception",
    "plan, answer, error",
    "plan, answer, stack"
  })
  void aCodecThatThrowsLosesOneConnectionOnly(String side, String callback, String kind) {
    long before = failures("http1");
    try (RawHttp neighbour = RawHttp.connect(HTTP)) {
      assertThat(neighbour.send(OK).readMessage()).endsWith("ok");

      provoke("/throw/" + side + "/" + callback + "/" + kind, side.equals("plan"));
      UPSTREAM.reset();

      await("the failure is counted").until(() -> failures("http1") > before);
      assertThat(neighbour.send(OK).readMessage()).endsWith("ok");
    }
    assertThat(ask(TCP)).endsWith("ok");
  }

  private static String ask(int port) {
    try (RawHttp client = RawHttp.connect(port)) {
      return client.send(OK).readMessage();
    }
  }

  /** Sends a request with a body, a second one, and ends; what comes back does not matter. */
  private static void provoke(String path, boolean badly) {
    try (RawHttp client = RawHttp.connect(HTTP)) {
      if (badly) {
        UPSTREAM.answering(ScriptedUpstream.Answer.last("garbage\r\n\r\n"));
      }
      client.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
      client.readMessage();
      client.send(OK).end().readToEnd();
    } catch (UncheckedIOException closed) {
      assertThat(closed)
          .as("its end, not a wait in vain")
          .hasCauseInstanceOf(SocketException.class);
    }
  }

  private static long failures(String extension) {
    long failures = 0;
    for (JsonElement element : OSPREY.ctl().json("extensions").getAsJsonArray()) {
      JsonObject it = element.getAsJsonObject();
      boolean same = it.get("name").getAsString().equals(extension);
      failures +=
          same && it.get("version").getAsString().equals("1.9.9")
              ? it.get("failures").getAsLong()
              : 0;
    }
    return failures;
  }
}
