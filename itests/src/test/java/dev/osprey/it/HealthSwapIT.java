package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.bundle.RefusesChecks;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.GrpcPeers;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.Traffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health checks, swapped ten times while traffic passes the endpoints that they watch. */
class HealthSwapIT {
  private static final int SWAPS = 10;
  private static final String TIMES =
      "timeout: 1s, interval: 0.1s, unhealthy_threshold: 3, healthy_threshold: 3";

  private final ScriptedUpstream ill =
      ScriptedUpstream.start()
          .answering(ScriptedUpstream.Answer.of("HTTP/1.1 503 Ill\r\nContent-Length: 0\r\n\r\n"));

  @AfterEach
  void close() {
    ill.close();
  }

  @Test
  void whatHttpHasFoundOutSurvivesTenSwapsUnderLoad_andNothingIsLost() {
    try (Traffic traffic = Traffic.start()) {
      Osprey osprey = traffic.osprey();
      configure(traffic, checked(traffic, true, traffic.upstreamPort()));
      awaitState(osprey, traffic.upstreamPort(), "healthy");
      configure(traffic, checked(traffic, true, traffic.upstreamPort(), ill.port()));
      awaitState(osprey, ill.port(), "unhealthy: status 503");

      swapTenTimes(
          traffic,
          Builds.HTTP_HEALTH,
          Builds.httpHealth("1.0.0"),
          Builds.httpHealth("1.0.1"),
          () -> {
            assertThat(state(osprey, traffic.upstreamPort())).isEqualTo("healthy");
            assertThat(state(osprey, ill.port())).isEqualTo("unhealthy: status 503");
          });
      refuses(traffic);

      configure(traffic, checked(traffic, false, traffic.upstreamPort()));
      await("the last probe is over").until(() -> attempts(osprey) == over(osprey));
      traffic.endWithoutLoss("HTTP health check, 10 swaps", attempts(osprey) - ill.accepted());
      assertThat(ill.messages())
          .as("an endpoint that never was healthy gets probes only")
          .isNotEmpty()
          .allMatch(message -> message.startsWith("GET /bytes/2 "));
    }
  }

  private static void refuses(Traffic traffic) {
    Osprey osprey = traffic.osprey();
    long before = osprey.reports().newest();
    Path jar =
        JarForge.of(Archive.shared().extension("osprey-health-http"))
            .withVersion("1.1.0")
            .startingBy(RefusesChecks.class)
            .write();
    osprey.drop(jar);
    assertThat(osprey.reports().awaitRefused(before, "its plan refuses").refusal())
        .contains(RefusesChecks.WORDS, "the code in use stays");
    long asked = attempts(osprey);
    await("the code in use goes on asking").until(() -> attempts(osprey) > asked + 4);
    osprey.remove(jar);
  }

  @Test
  void whatGrpcHasFoundOutSurvivesTenSwapsUnderLoad_andNothingIsLost() {
    int port = Ports.free();
    try (GrpcPeers.Server one = GrpcPeers.Server.start();
        GrpcPeers.Server two = GrpcPeers.Server.start();
        Traffic traffic = Traffic.start()) {
      two.health("-", "NOT_SERVING");
      Osprey osprey = traffic.osprey();
      configure(
          traffic,
          traffic
              .config()
              .withHttp("grpc", port, "calls", Config.Codec.HTTP2, "")
              .withCluster(
                  "calls",
                  Config.speaking("http2_protocol_options") + check("grpc_health_check: {}"),
                  one.port(),
                  two.port()));
      awaitState(osprey, two.port(), "unhealthy: NOT_SERVING");
      awaitState(osprey, one.port(), "healthy");

      swapTenTimes(
          traffic,
          Builds.GRPC_HEALTH,
          Builds.grpcHealth("1.0.0"),
          Builds.grpcHealth("1.0.1"),
          () -> {
            assertThat(state(osprey, one.port())).isEqualTo("healthy");
            assertThat(state(osprey, two.port())).isEqualTo("unhealthy: NOT_SERVING");
          });

      assertThat(GrpcPeers.calls(port, "empty", "empty")).allMatch(line -> line.startsWith("OK|"));
      assertThat(two.said("began EmptyCall")).isZero();
      two.health("-", "SERVING");
      awaitState(osprey, two.port(), "healthy");
      traffic.endWithoutLoss("gRPC health check, 10 swaps");
    }
  }

  private static void swapTenTimes(
      Traffic traffic, String name, Path system, Path next, Runnable check) {
    Osprey osprey = traffic.osprey();
    List<Report> swaps = new ArrayList<>();
    for (int i = 1; i <= SWAPS; i++) {
      boolean forward = i % 2 == 1;
      long before = osprey.reports().newest();
      osprey.drop(forward ? next : system);
      swaps.add(osprey.reports().awaitPublished(before, name, forward ? "1.0.1" : "1.0.0"));
      check.run();
      traffic.awaitAnswers();
      check.run();
    }
    assertThat(swaps).allMatch(swap -> swap.fellBack() == 0);
    assertOldLoadersAreCollected(osprey, name);
  }

  private static void assertOldLoadersAreCollected(Osprey osprey, String name) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    await("every old loader is collected, while traffic flows")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          Programs.run(osprey.folder(), jcmd, Long.toString(osprey.pid()), "GC.run").orFail();
          return osprey.reports().all().stream()
              .filter(report -> report.concerns(name) && !report.from(name).isEmpty())
              .allMatch(report -> report.classLoader(name).startsWith("collected"));
        });
  }

  private static void configure(Traffic traffic, Config config) {
    long before = traffic.osprey().reports().newest();
    traffic.osprey().configure(config.toString());
    traffic.osprey().reports().awaitAfter(before, "the configuration", Report::isPublished);
  }

  private static Config checked(Traffic traffic, boolean isChecked, int... ports) {
    String check = isChecked ? check("http_health_check: { path: /bytes/2 }") : "";
    return Config.empty()
        .withHttp("http", traffic.httpPort(), "app")
        .withTcp("tcp", traffic.tcpPort(), "bytes")
        .withCluster("app", Config.speaking("http_protocol_options") + check, ports)
        .withCluster("bytes", traffic.bytesPort());
  }

  private static String check(String what) {
    return "health_checks:\n  - { %s, %s }\n".formatted(TIMES, what);
  }

  private static void awaitState(Osprey osprey, int port, String state) {
    await(port + " is " + state).until(() -> state(osprey, port).equals(state));
  }

  private static String state(Osprey osprey, int port) {
    String all = osprey.ctl().run("clusters").orFail();
    int at = all.indexOf(":" + port + " (");
    return at < 0 ? "" : all.substring(all.indexOf('(', at) + 1, all.indexOf(')', at));
  }

  private static long attempts(Osprey osprey) {
    return count(osprey, "attempt");
  }

  private static long over(Osprey osprey) {
    return count(osprey, "success") + count(osprey, "failure");
  }

  private static long count(Osprey osprey, String what) {
    String name = "cluster.app.health_check." + what;
    return osprey
        .ctl()
        .run("stats")
        .orFail()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
        .sum();
  }
}
