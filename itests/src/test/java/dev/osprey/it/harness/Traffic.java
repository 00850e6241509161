package dev.osprey.it.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.load.Loop;
import dev.osprey.load.SoakClient;
import dev.osprey.load.SoakOptions;
import dev.osprey.load.SoakReport;
import dev.osprey.load.TcpLoad;
import dev.osprey.load.TcpReport;
import dev.osprey.load.TcpUpstream;
import dev.osprey.load.Upstream;
import dev.osprey.load.UpstreamCounters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An instance under load: an HTTP/1 and a TCP listener, their upstreams, and clients on both that
 * check every answer, keep their connections and never retry.
 */
public final class Traffic implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final double RATE = 600;

  private final Loop serving = Loop.start("it-upstream");
  private final Loop calling = Loop.start("it-clients");
  private final Upstream upstream = Upstream.start(serving);
  private final TcpUpstream bytes = TcpUpstream.echo(serving, 0);
  private final int httpPort = Ports.free();
  private final int tcpPort = Ports.free();
  private final Osprey osprey;
  private final SoakClient http;
  private final TcpLoad tcp;

  private Traffic(Archive archive, List<Path> deployed, Map<String, String> environment) {
    osprey = Osprey.start(archive, config(), deployed, environment);
    http =
        SoakClient.start(
            calling,
            SoakOptions.to(Ports.loopback(httpPort))
                .withConnections(24, 16)
                .withPipelining(4, 3)
                .withRequestsPerConnection(50)
                .withRate(RATE));
    tcp = TcpLoad.pingPong(calling, Ports.loopback(tcpPort), 2, 100);
    awaitAnswers();
  }

  /** Starts an instance of the shared archive and the load on it. */
  public static Traffic start() {
    return start(Archive.shared(), List.of());
  }

  /** Starts an instance with jars in its deploy folder and the load on it. */
  public static Traffic start(Archive archive, List<Path> deployed) {
    return start(archive, deployed, List.of());
  }

  /** As {@link #start(Archive, List)}, with options of the instance's JVM. */
  public static Traffic start(Archive archive, List<Path> deployed, List<String> jvmOptions) {
    return new Traffic(archive, deployed, Osprey.withOptions(jvmOptions));
  }

  /** As {@link #start()}, with variables of the instance's start script. */
  public static Traffic start(Map<String, String> environment) {
    return new Traffic(Archive.shared(), List.of(), environment);
  }

  /** The instance. */
  public Osprey osprey() {
    return osprey;
  }

  /** The configuration, to be changed and given to {@link Osprey#configure}. */
  public Config config() {
    return Config.http(httpPort, upstream.address().getPort())
        .withTcp("tcp", tcpPort, "bytes")
        .withCluster("bytes", bytes.address().getPort());
  }

  /** The port of the HTTP/1 listener. */
  public int httpPort() {
    return httpPort;
  }

  /** The port of the TCP listener. */
  public int tcpPort() {
    return tcpPort;
  }

  /** The port of the HTTP/1 upstream. */
  public int upstreamPort() {
    return upstream.address().getPort();
  }

  /** The port of the TCP upstream. */
  public int bytesPort() {
    return bytes.address().getPort();
  }

  /** The loop that the clients run on, for more of them. */
  public Loop calling() {
    return calling;
  }

  /** The version of the codec that answers new requests, {@code 1.0.0} for instance. */
  public String servingVersion() {
    try (RawHttp client = RawHttp.connect(httpPort)) {
      String answer = client.send("GET /bytes/1 HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
      int at = answer.indexOf("x-osprey-codec: http1/");
      assertThat(at).as(answer).isPositive();
      return answer.substring(at + 22, answer.indexOf('\r', at));
    }
  }

  /** Waits until some more requests were answered: traffic flows now. */
  public void awaitAnswers() {
    long from = http.report().answered();
    long messages = tcp.report().exchanges();
    await("traffic flows")
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(20))
        .until(() ->
            http.report().answered() > from + 100 && tcp.report().exchanges() > messages + 100);
  }

  /** Waits until no class loader of a bundle's former builds is left, while traffic flows. */
  public void awaitOldLoadersCollected(String symbolicName) {
    await("every old loader is collected, while traffic flows")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          osprey.collectGarbage();
          List<String> verdicts =
              osprey.reports().all().stream()
                  .filter(report -> !report.from(symbolicName).isEmpty())
                  .map(report -> report.classLoader(symbolicName))
                  .toList();
          return !verdicts.isEmpty()
              && verdicts.stream().allMatch(verdict -> verdict.startsWith("collected"));
        });
  }

  /** Ends the load; whatever was lost fails the test. Prints what went through. */
  public SoakReport endWithoutLoss(String name) {
    return endWithoutLoss(name, 0);
  }

  /**
   * As {@link #endWithoutLoss(String)}, with connections to the upstream that were for one probe.
   */
  public SoakReport endWithoutLoss(String name, long probes) {
    SoakReport report = http.stop(BOUND);
    TcpReport messages = tcp.stop(BOUND);
    UpstreamCounters seen = upstream.counters();
    System.out.printf(
        "%s: %,d requests, %,d failed, %d lost connections; %,d TCP messages, %d lost; %d reports;"
            + " p99 %d us, longest %d us%n",
        name,
        report.answered(),
        report.failedExchanges(),
        report.lostConnections(),
        messages.exchanges(),
        messages.failures().size(),
        osprey.isAlive() ? osprey.reports().newest() : -1,
        report.latencies().all().p99(),
        report.latencies().all().max());
    assertThat(report.examples()).as("what the HTTP clients saw").isEmpty();
    assertThat(report.isPerfect()).as("HTTP %s", report.failures()).isTrue();
    assertThat(messages.isPerfect()).as("TCP %s", messages.examples()).isTrue();
    assertThat(seen.resetByPeer() + seen.cutShort() + seen.malformed())
        .as("what the upstream saw: %s", seen)
        .isZero();
    assertThat(seen.closedByPeer() - seen.upgrades())
        .as("upstream connections closed, tunnels apart: %s", seen)
        .isEqualTo(probes);
    return report;
  }

  @Override
  public void close() {
    osprey.close();
    calling.close();
    serving.close();
  }
}
