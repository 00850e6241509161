package dev.osprey.it.harness;

import dev.osprey.it.bundle.ThrowsOnDemand;
import dev.osprey.it.pax.ToyMuxBundle;
import dev.osprey.testkit.Fault;
import dev.osprey.testkit.toy.ToyMuxClient;
import dev.osprey.testkit.toy.ToyMuxUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * An instance whose bundles throw when they are told to, and everything that makes the host call
 * them: exchanges that end well or badly, pauses, age, swaps, a new configuration.
 */
public final class Stimuli implements AutoCloseable {
  /** The version of all bundles that throw. */
  public static final String VERSION = "1.9.9";

  private static final String LOG =
      """
      access_log:
        - name: out
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
      """;
  private static final String FILTERS =
      """
      http_filters:
        - name: mutation
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
            mutations:
              request_mutations: [ { remove: x-internal } ]
        - name: router
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
      """;
  private static final String CHECKED =
      """
      typed_extension_protocol_options:
        envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
          "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
          explicit_http_config: { http_protocol_options: {} }
      health_checks:
        - timeout: 1s
          interval: 0.3s
          unhealthy_threshold: 2
          healthy_threshold: 1
          http_health_check: { path: /ready }
      """;
  private static final String AGE = "max_connection_duration: 0.2s\n";
  private static final String LATE = "request_headers_timeout: 0.2s\n";
  private static final String CHUNKED =
      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: yes\r\n\r\n";
  private static final Config.Codec TOY =
      new Config.Codec("toymux", "dev.osprey.testkit.toy.v1.ToyMux", "");

  private final Path arms = Scratch.folder("arms");
  private final ScriptedUpstream upstream = ScriptedUpstream.start().answering(this::answer);
  private final ScriptedUpstream probed =
      ScriptedUpstream.start()
          .answering(ScriptedUpstream.Answer.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  private final ToyMuxUpstream toys = new ToyMuxUpstream();
  private final int http = Ports.free();
  private final int aged = Ports.free();
  private final int late = Ports.free();
  private final int mixed = Ports.free();
  private final int tcp = Ports.free();
  private final int refused = Ports.free();
  private final int idle = Ports.free();
  private final int mux = Ports.free();
  private final int agedMux = Ports.free();
  private volatile CountDownLatch held = new CountDownLatch(1);
  private volatile CountDownLatch victims = new CountDownLatch(1);
  private final Osprey osprey;
  private final Map<String, Integer> reached = new HashMap<>();
  private int configurations;

  /**
   * Starts the instance with paranoid leak detection. The bundles that throw are those of its
   * system folder, so that no others come back in their place.
   */
  public Stimuli() throws IOException {
    Archive archive = Archive.unpack();
    for (Path jar :
        List.of(
            armed("osprey-codec-http1", "codec.http1.Http1Activator"),
            armed("osprey-network-tcp-proxy", "network.tcpproxy.TcpProxyActivator"),
            armed("osprey-router", "router.RouterActivator"),
            armed("osprey-health-http", "health.http.HttpHealthActivator"),
            armed("osprey-lb-round-robin", "lb.roundrobin.RoundRobinActivator"),
            armed("osprey-stream-header-mutation", "stream.headermutation.HeaderMutationActivator"),
            armed("osprey-access-log", "access.log.AccessLogActivator"),
            armed("osprey-config-file", "config.file.ConfigFileActivator"))) {
      archive.replace(jar);
    }
    archive.replace(armed(ToyMuxBundle.forge(VERSION)).write("osprey-toymux-" + VERSION + ".jar"));
    osprey = Osprey.start(archive, config(), List.of(), Osprey.WATCHING_BUFFERS);
  }

  /** The instance. */
  public Osprey osprey() {
    return osprey;
  }

  /** Makes the next call of a callback throw. */
  public Path arm(String callback, Fault.Kind kind) throws IOException {
    Path part = Files.writeString(arms.resolve("part"), kind.name());
    return Files.move(part, arms.resolve(callback), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Forgets what was armed and not called. */
  public void disarm() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(arms)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** Goes through what makes the host call bundles, until it has; what did before comes first. */
  public void provoke(Callback callback, BooleanSupplier struck) throws Exception {
    List<Stimulus> all = stimuli(callback.type());
    Integer before = reached.get(callback.toString());
    if (before != null && strikes(all.get(before), struck)) {
      return;
    }
    // Twice: on a busy machine a call may come later than a look.
    for (int i = 0; i < 2 * all.size(); i++) {
      if (strikes(all.get(i % all.size()), struck)) {
        reached.put(callback.toString(), i % all.size());
        return;
      }
    }
  }

  private static boolean strikes(Stimulus one, BooleanSupplier struck) throws Exception {
    try {
      one.run();
    } catch (UncheckedIOException | IOException ended) {
      // Whose call throws loses its stream or connection: that is what is wanted.
      awaitLooks(struck);
      return struck.getAsBoolean();
    }
    awaitLooks(struck);
    return struck.getAsBoolean();
  }

  /** Opens requests that are under way while something throws. */
  public Neighbours neighbours() {
    held = new CountDownLatch(1);
    return new Neighbours();
  }

  /** Fails if the instance has leaked a buffer. */
  public void assertNoLeaks() {
    osprey.assertNoLeaks(this::traffic);
  }

  private void traffic() {
    exchange(http, "");
    exchange(tcp, "");
  }

  @Override
  public void close() throws IOException {
    osprey.close();
    upstream.close();
    probed.close();
    toys.close();
  }

  /** One thing that makes the host call bundles. */
  @FunctionalInterface
  private interface Stimulus {
    void run() throws Exception;
  }

  private List<Stimulus> stimuli(String type) {
    List<Stimulus> all = new ArrayList<>();
    if (type.startsWith("ByteTerminal")) {
      all.addAll(List.of(() -> exchange(tcp, ""), () -> exchange(refused, ""), this::cutTcp));
      all.addAll(List.of(() -> leave(idle, 500), () -> swap("tcp_proxy", tcp)));
    } else if (type.startsWith("ConfigSource")) {
      all.addAll(List.of(this::configure, () -> swap("file", http)));
    } else if (type.startsWith("AccessLog")) {
      all.addAll(List.of(() -> exchange(http, ""), () -> swap("stdout_access_log", http)));
    } else if (type.startsWith("Stream")) {
      all.addAll(List.of(() -> exchange(http, "/trailers"), () -> swap("header_mutation", http)));
      all.add(() -> osprey.ctl().run("swap", "header_mutation"));
    } else if (type.startsWith("LoadBalancer")) {
      all.addAll(List.of(() -> exchange(http, ""), () -> swap("round_robin", http)));
      all.add(() -> osprey.ctl().run("swap", "round_robin"));
    } else if (type.startsWith("HealthCheck")) {
      all.addAll(List.of(this::awaitProbes, () -> swap("http", http)));
      all.add(() -> osprey.ctl().run("swap", "http"));
    } else if (type.startsWith("Router")) {
      all.addAll(List.of(() -> exchange(http, ""), () -> swap("router", http)));
      all.add(() -> osprey.ctl().run("swap", "router"));
    } else {
      all.addAll(codecs());
    }
    return all;
  }

  private List<Stimulus> codecs() {
    return List.of(
        () -> exchange(http, ""),
        () -> exchange(mixed, ""),
        () -> exchange(http, "/trailers"),
        () -> exchange(http, "/cut"),
        () -> exchange(http, "/garbage"),
        this::leaveHalfARequest,
        () -> multiplex(4, 10),
        () -> multiplex(2, 100_000),
        () -> RawHttp.exchange(late, "GET /victim HTTP/1.1\r\nHost: x\r\nAccept: "),
        () -> leave(http, 200),
        () -> leave(aged, 500),
        this::agedMultiplexed,
        () -> swap("http1", http),
        () -> osprey.ctl().run("swap", "http1"),
        this::multiplexAndConfigure,
        () -> leave(http, 2_600));
  }

  /** Requests with bodies and trailers on one connection, which ends in order. */
  private void exchange(int port, String path) {
    try (RawHttp client = RawHttp.connect(port)) {
      String head = "POST /victim" + path + " HTTP/1.1\r\nHost: x\r\n";
      client.send(head + CHUNKED).readMessage();
      client.send(head + "Content-Length: 3\r\n\r\nabc").end().readToEnd();
    }
  }

  private void leaveHalfARequest() {
    try (RawHttp client = RawHttp.connect(http)) {
      client.send("POST /victim HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc").end();
      client.readToEnd();
    }
  }

  /** The client ends first, then the upstream does. */
  private void cutTcp() {
    try (RawHttp client = RawHttp.connect(tcp)) {
      client.send("POST /victim/cut HTTP/1.1\r\nHost: x\r\n\r\n").readToEnd();
      client.end();
    }
  }

  /** An exchange, then nothing for longer than a codec, an idle or an aged connection stays. */
  private void leave(int port, int millis) throws InterruptedException {
    try (RawHttp client = RawHttp.connect(port)) {
      client.send("GET /victim HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
      TimeUnit.MILLISECONDS.sleep(millis);
      client.send("GET /victim HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
    }
  }

  private void multiplex(int streams, int bytes) throws Exception {
    try (ToyMuxClient client = new ToyMuxClient(Ports.loopback(mux))) {
      client.echoAll(streams, bytes);
    }
  }

  private void agedMultiplexed() throws Exception {
    try (ToyMuxClient client = new ToyMuxClient(Ports.loopback(agedMux))) {
      client.echoAll(1, 10);
      TimeUnit.MILLISECONDS.sleep(400);
    }
  }

  /**
   * A swap while a request of its own is under way, so that instances move. The request has arrived
   * by then, unless something threw before.
   */
  private void swap(String extension, int port) throws InterruptedException {
    victims = new CountDownLatch(1);
    int before = upstream.messages().size();
    try (RawHttp client = RawHttp.connect(port)) {
      client.send("GET /victim/held HTTP/1.1\r\nHost: x\r\n\r\n");
      awaitMessage(upstream, before);
      osprey.ctl().run("swap", extension, "--no-rehearsal");
      TimeUnit.MILLISECONDS.sleep(50);
      victims.countDown();
      client.end().readToEnd();
    } finally {
      victims.countDown();
    }
  }

  /** Two probes, the second one whole even if the first threw. */
  private void awaitProbes() throws InterruptedException {
    awaitMessage(probed, probed.messages().size());
    awaitMessage(probed, probed.messages().size());
  }

  private static void awaitMessage(ScriptedUpstream peer, int before) throws InterruptedException {
    for (int i = 0; i < 300 && peer.messages().size() <= before; i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private void multiplexAndConfigure() throws Exception {
    multiplex(1, 10);
    configure();
  }

  private void configure() throws InterruptedException {
    configurations++;
    osprey.configure(config().toString());
    TimeUnit.MILLISECONDS.sleep(600);
  }

  private static void awaitLooks(BooleanSupplier struck) throws InterruptedException {
    for (int i = 0; i < 5 && !struck.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private ScriptedUpstream.Answer answer(String request) {
    String path = request.split(" ", 3)[1];
    if (path.startsWith("/neighbour")) {
      await(held);
    } else if (path.endsWith("/held")) {
      await(victims);
    }
    String ok = "HTTP/1.1 200 OK\r\n";
    return switch (path.replaceFirst("/\\w+", "")) {
      case "/trailers" -> ScriptedUpstream.Answer.of(ok + CHUNKED);
      case "/cut" -> ScriptedUpstream.Answer.last(ok + "Content-Length: 9\r\n\r\nabc");
      case "/garbage" -> ScriptedUpstream.Answer.last("garbage\r\n\r\n");
      default -> ScriptedUpstream.Answer.of(ok + "Content-Length: 2\r\n\r\nok");
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Config config() {
    int dead = Ports.free();
    return Config.empty()
        .withHttp("http", http, "app", Config.Codec.HTTP1, LOG + FILTERS)
        .withHttp("aged", aged, "app", Config.Codec.HTTP1, AGE)
        .withHttp("late", late, "app", Config.Codec.HTTP1, LATE)
        .withCodecs("mixed", mixed, "app", List.of(TOY, Config.Codec.HTTP1), "")
        .withTcp("tcp", tcp, "app")
        .withTcp("refused", refused, "dead")
        .withTcp("idle", idle, "app", "idle_timeout: 0.2s")
        .withHttp("mux", mux, toys(), TOY, "")
        .withHttp("agedmux", agedMux, toys(), TOY, AGE)
        .withCluster("app", upstream.port())
        .withCluster("dead", dead)
        .withCluster("checked", CHECKED, probed.port())
        .withCluster(toys(), toys.address().getPort());
  }

  /** Another cluster with each configuration: the connections of the former take their leave. */
  private String toys() {
    return "toys" + configurations;
  }

  private Path armed(String artifact, String activator) {
    return armed(JarForge.of(Archive.shared().extension(artifact)))
        .withVersion(VERSION)
        .with("Real-Activator", "dev.osprey." + activator)
        .write(artifact + "-" + VERSION + ".jar");
  }

  private JarForge armed(JarForge jar) {
    for (String name :
        List.of(
            "",
            ".codec",
            ".config",
            ".health",
            ".lb",
            ".log",
            ".message",
            ".network",
            ".route",
            ".stream",
            ".source")) {
      jar.importing("dev.osprey.spi" + name);
    }
    return jar.importing("io.netty.buffer")
        .startingBy(ThrowsOnDemand.class)
        .with("Arm-Folder", arms.toString());
  }

  /** An HTTP/1 and a TCP connection, each with an answer that is awaited. */
  public final class Neighbours implements AutoCloseable {
    private final RawHttp web = RawHttp.connect(http);
    private final RawHttp bytes = RawHttp.connect(tcp);

    Neighbours() {
      int before = upstream.messages().size();
      web.send("GET /neighbour HTTP/1.1\r\nHost: x\r\n\r\n");
      bytes.send("GET /neighbour/tcp HTTP/1.1\r\nHost: x\r\n\r\n");
      org.awaitility.Awaitility.await("the neighbours' requests arrive")
          .pollInterval(Duration.ofMillis(5))
          .until(() -> upstream.messages().size() >= before + 2);
    }

    /** Lets the answers come. */
    public void endWell() {
      held.countDown();
      for (RawHttp one : List.of(web, bytes)) {
        if (!one.readMessage().endsWith("ok")) {
          throw new AssertionError("a neighbour's answer was lost");
        }
      }
      upstream.messages().clear();
    }

    @Override
    public void close() {
      held.countDown();
      web.close();
      bytes.close();
    }
  }
}
