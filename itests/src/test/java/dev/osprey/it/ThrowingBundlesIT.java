package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.bundle.ThrowsAlways;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.testkit.Fault;
import dev.osprey.testkit.ThrowingExtensions;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A router, a byte terminal or a log that always throws: its neighbours go on, and it is counted.
 */
class ThrowingBundlesIT {
  private static final String LOG =
      """
      access_log:
        - name: out
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
      """;
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private final ScriptedUpstream upstream = ScriptedUpstream.start();
  private final int http = Ports.free();
  private final int tcp = Ports.free();
  private final Config config =
      Config.empty()
          .withHttp("http", http, "app", Config.Codec.HTTP1, LOG)
          .withTcp("tcp", tcp, "app")
          .withCluster("app", upstream.port());

  @AfterEach
  void close() {
    upstream.close();
  }

  @ParameterizedTest
  @CsvSource({
    "osprey-router, router, router.RouterActivator, route, STACK_OVERFLOW",
    "osprey-network-tcp-proxy, tcp_proxy, network.tcpproxy.TcpProxyActivator, opened, ERROR",
    "osprey-network-tcp-proxy, tcp_proxy, network.tcpproxy.TcpProxyActivator, connected,"
        + " STACK_OVERFLOW",
    "osprey-network-tcp-proxy, tcp_proxy, network.tcpproxy.TcpProxyActivator, fromUpstream,"
        + " RUNTIME_EXCEPTION",
    "osprey-access-log, stdout_access_log, access.log.AccessLogActivator, log, ERROR"
  })
  void hurtsNoNeighbour(
      String artifact, String extension, String activator, String callback, Fault.Kind kind) {
    Path jar = throwing(artifact, activator, callback, kind);
    try (Osprey osprey =
        Osprey.start(Archive.shared(), config, List.of(jar), Osprey.WATCHING_BUFFERS)) {
      ask(http);
      ask(tcp);
      await("the failure is counted").until(() -> failures(osprey, extension) > 0);
      assertThat(ask(extension.equals("tcp_proxy") ? http : tcp)).endsWith("ok");
      osprey.remove(jar);
      osprey.reports().awaitAfter(1, "the right build again", it -> it.isPublished());

      assertThat(ask(http)).endsWith("ok");
      assertThat(ask(tcp)).endsWith("ok");
      osprey.assertNoLeaks(() -> {
        ask(http);
        ask(tcp);
      });
      assertThat(osprey.stop()).isZero();
    }
  }

  @Test
  void aRehearsalKeepsItOutOfARunningInstance() {
    Path jar =
        throwing("osprey-router", "router.RouterActivator", "route", Fault.Kind.RUNTIME_EXCEPTION);
    try (Osprey osprey = Osprey.start(config)) {
      long before = osprey.reports().newest();
      osprey.drop(jar);

      assertThat(osprey.reports().awaitRefused(before, "throws in rehearsal").refusal())
          .contains("rehearsed", "injected into route");
      assertThat(ask(http)).endsWith("ok");
    }
  }

  private static Path throwing(
      String artifact, String activator, String callback, Fault.Kind kind) {
    return JarForge.of(Archive.shared().extension(artifact))
        .withVersion("1.9.9")
        .adding(ThrowingExtensions.class)
        .adding(Fault.class)
        .startingBy(ThrowsAlways.class)
        .with("Real-Activator", "dev.osprey." + activator)
        .with("Fault", callback + " " + kind)
        .importing("dev.osprey.spi.log")
        .importing("dev.osprey.spi.network")
        .importing("dev.osprey.spi.route")
        .importing("dev.osprey.spi.codec")
        .importing("dev.osprey.spi.stream")
        .importing("io.netty.buffer")
        .write();
  }

  private static String ask(int port) {
    try (RawHttp client = RawHttp.connect(port)) {
      return client.send(GET).end().readMessage();
    } catch (UncheckedIOException broken) {
      return broken.toString();
    }
  }

  private static long failures(Osprey osprey, String extension) {
    long failures = 0;
    for (JsonElement element : osprey.ctl().json("extensions").getAsJsonArray()) {
      JsonObject it = element.getAsJsonObject();
      boolean same = it.get("name").getAsString().equals(extension);
      failures += same ? it.get("failures").getAsLong() : 0;
    }
    return failures;
  }
}
