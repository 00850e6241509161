package dev.osprey.it.soak;

import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Report;
import dev.osprey.load.LongDownload;
import dev.osprey.load.Loop;
import dev.osprey.load.Outcome;
import dev.osprey.load.ResidueProbe;
import dev.osprey.load.SoakClient;
import dev.osprey.load.SoakOptions;
import dev.osprey.load.SoakReport;
import dev.osprey.load.TunnelClient;
import dev.osprey.load.Upstream;
import dev.osprey.load.WindowKind;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Swaps a codec over and over, each time to a build of another version, under a fixed rate of
 * requests; clients never retry, half of them keep one connection for the whole run.
 */
final class Soak {
  private static final Duration QUIET = Duration.ofSeconds(30);
  private static final String BUFFERS = "io\\.netty\\.buffer\\..*(Chunk|Arena|Magazine)";
  private static final long PIECE = 1000;

  private final SoakForm form;
  private final SoakSubject subject;
  private final long deadline;
  private final List<Report> swaps = new ArrayList<>();
  private final List<String> order = new ArrayList<>();

  private Soak(SoakForm form, SoakSubject subject) {
    this.form = form;
    this.subject = subject;
    this.deadline = System.nanoTime() + form.bound().toNanos();
    order.add(subject.label("1.0.0"));
  }

  static SoakResult run(SoakForm form, SoakSubject subject) throws Exception {
    return new Soak(form, subject).run();
  }

  private SoakResult run() throws Exception {
    int port = Ports.free();
    InetSocketAddress target = Ports.loopback(port);
    try (Loop serving = Loop.start("soak-upstream");
        Loop calling = Loop.start("soak-clients");
        Upstream upstream = Upstream.start(serving);
        Osprey osprey = start(port, upstream);
        SoakClient client =
            SoakClient.start(calling, SoakOptions.to(target).withRate(form.rate()))) {
      TunnelClient tunnel = TunnelClient.start(calling, target, 200, Duration.ofMillis(5));
      long bytes = form.lasting().toMillis() * PIECE / 100;
      String path = "/slow/" + bytes + "/" + form.lasting().toMillis() + "/chunked";
      CompletableFuture<Outcome> download =
          LongDownload.start(calling, target, path, bytes, Double.MAX_VALUE);
      ResidueProbe probe =
          ResidueProbe.of(osprey.pid(), subject.factory().replace(".", "\\.") + "|" + BUFFERS);
      AtRest first = swapUntil(osprey, client, probe);
      Outcome downloaded =
          download.get(form.bound().toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
      Outcome tunnelled = tunnel.stop().get(30, java.util.concurrent.TimeUnit.SECONDS);
      AtRest last = measure(osprey, client, probe);
      SoakReport report = client.stop(QUIET);
      return new SoakResult(
          form,
          subject,
          swaps,
          order,
          report,
          List.of(downloaded, tunnelled),
          upstream.counters(),
          first,
          last,
          StrandStalls.of(osprey.reports().file(), lastWarm()));
    }
  }

  private Osprey start(int port, Upstream upstream) {
    return Osprey.start(
        Archive.shared(),
        subject.config(port, upstream.address().getPort()),
        List.of(),
        List.of(System.getProperty("osprey.soak.java-opts", "")));
  }

  private long lastWarm() {
    return form.warmUp() == 0 ? 0 : swaps.get(form.warmUp() - 1).number();
  }

  private AtRest swapUntil(Osprey osprey, SoakClient client, ResidueProbe probe) {
    @Nullable AtRest first = null;
    while (swaps.size() < form.swaps() || client.answered() < form.requests()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "not done within " + form.bound() + ": " + swaps.size() + " swaps, " + client.report());
      }
      swap(osprey, client);
      if (swaps.size() == form.firstProbe()) {
        probe.probe();
        first = measure(osprey, client, probe);
      }
    }
    return Objects.requireNonNull(first);
  }

  private void swap(Osprey osprey, SoakClient client) {
    String version = "1.0." + (swaps.size() + 1);
    Path build = subject.build(version);
    boolean warm = swaps.size() >= form.warmUp();
    if (warm) {
      client.windowBegin(WindowKind.SWAP);
    }
    String answer = osprey.ctl().json("deploy", build.toString()).toString();
    Report report =
        new Report(JsonParser.parseString(answer).getAsJsonArray().get(0).getAsJsonObject());
    if (!report.isPublished() || !report.to(subject.symbolicName()).equals(version)) {
      throw new AssertionError("not published: " + report);
    }
    swaps.add(report);
    order.add(subject.label(version));
    if (warm) {
      client.windowBegin(WindowKind.CONTROL);
    }
    long until = System.nanoTime() + form.between().toNanos();
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(form.between().plusSeconds(5))
        .until(() -> System.nanoTime() - until > 0);
    if (warm && form.even()) {
      await("the control window is as long as the swap's")
          .pollInterval(Duration.ofMillis(200))
          .atMost(QUIET)
          .until(() -> isMeasured(osprey, report.number()));
    }
    client.windowEnd();
  }

  private static boolean isMeasured(Osprey osprey, long swap) {
    return osprey.reports().all().stream()
        .anyMatch(it -> it.number() == swap && it.json().has("strand_stalls"));
  }

  /**
   * Measures with nothing under way but the tunnel, nor anything of the last swap; every connection
   * stays open.
   */
  private AtRest measure(Osprey osprey, SoakClient client, ResidueProbe probe) {
    if (!client.pause(QUIET)) {
      throw new AssertionError("the clients do not become quiet: " + client.report());
    }
    long last = swaps.getLast().number();
    await("the strands of the last swap are measured to the end")
        .atMost(QUIET)
        .until(() -> isMeasured(osprey, last));
    int connections = osprey.ctl().json("connections", "100000").getAsJsonArray().size();
    AtRest rest = new AtRest(probe.probe(), connections);
    client.resume();
    return rest;
  }
}
