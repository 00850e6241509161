package dev.osprey.it.pax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Scratch;
import dev.osprey.testkit.toy.ToyMuxClient;
import dev.osprey.testkit.toy.ToyMuxUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A multiplexed codec with state swaps under load: one connection, a hundred streams at once. */
class MultiplexedSwapIT {
  private static final int SWAPS = 6;
  private static final int STREAMS = 100;

  @Test
  void oneConnectionWithAHundredStreamsLivesThroughEverySwap() throws Exception {
    Path folder = Scratch.folder("pax");
    Path deploy = Files.createDirectories(folder.resolve("deploy"));
    Path data = Files.createDirectories(folder.resolve("data"));
    int port = Ports.free();
    Path one = ToyMuxBundle.version("1.0.0");
    Path two = ToyMuxBundle.version("1.1.0");
    Files.copy(one, folder.resolve("deploy/toy.jar"));
    Files.setLastModifiedTime(
        folder.resolve("deploy/toy.jar"), java.nio.file.attribute.FileTime.fromMillis(0));
    try (ToyMuxUpstream upstream = new ToyMuxUpstream()) {
      Path config = Files.writeString(folder.resolve("osprey.yaml"), config(port, upstream));
      try (InFramework host = new InFramework(folder, config);
          ToyMuxClient client = new ToyMuxClient(Ports.loopback(port))) {
        Load load = new Load(client);
        for (int i = 1; i <= SWAPS; i++) {
          load.awaitMore();
          String version = i % 2 == 1 ? "1.1.0" : "1.0.0";
          int before = InFramework.reports(data).size();
          Files.copy(
              i % 2 == 1 ? two : one,
              deploy.resolve("toy.jar"),
              StandardCopyOption.REPLACE_EXISTING);
          await(version)
              .atMost(Duration.ofSeconds(20))
              .until(() -> isPublished(data, before, version));
        }
        load.awaitMore();
        load.end();

        assertThat(load.failures).isEmpty();
        assertThat(load.servedBy).contains("toymux/1.0.0", "toymux/1.1.0");
        assertThat(client.isClosed()).isFalse();
        assertThat(upstream.closes()).as("upstream connections closed").isZero();
        await("only one build is left").until(() -> host.versionsOf(ToyMuxBundle.NAME).size() == 1);
        System.out.printf(
            "toymux: %,d streams, %d swaps, %d failed, %d upstream connections, 0 closed%n",
            load.done.get(), SWAPS, load.failures.size(), upstream.accepts());
      }
    }
  }

  private static String config(int port, ToyMuxUpstream upstream) {
    return Config.empty()
        .withHttp(
            "toy",
            port,
            "app",
            new Config.Codec("toymux", "dev.osprey.testkit.toy.v1.ToyMux", "stamp: true"),
            "")
        .withCluster("app", upstream.address().getPort())
        .toString();
  }

  private static boolean isPublished(Path data, int before, String version) throws IOException {
    return InFramework.reports(data).stream()
        .skip(before)
        .map(it -> (JsonObject) it)
        .filter(it -> it.get("result").getAsString().equals("published"))
        .anyMatch(
            it -> it.get("extensions").toString().contains("\"to\":{\"version\":\"" + version));
  }

  /** A hundred callers on one connection, until told to end. */
  private static final class Load {
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicLong done = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Set<String> servedBy = ConcurrentHashMap.newKeySet();
    private final List<CompletableFuture<?>> callers = new ArrayList<>();
    private final ToyMuxClient client;

    Load(ToyMuxClient client) {
      this.client = client;
      for (int i = 0; i < STREAMS; i++) {
        String name = "caller" + i;
        CompletableFuture<?> caller = new CompletableFuture<>();
        Thread.startVirtualThread(() -> call(name, caller));
        callers.add(caller);
      }
    }

    void awaitMore() {
      long from = done.get();
      await("streams go through")
          .until(() -> done.get() > from + 2 * STREAMS || !failures.isEmpty());
    }

    void end() {
      ending.set(true);
      CompletableFuture.allOf(callers.toArray(CompletableFuture[]::new)).join();
    }

    private void call(String name, CompletableFuture<?> caller) {
      byte[] body = new byte[500 + (name.hashCode() & 0x3ff)];
      try {
        for (long i = 0; !ending.get() && failures.isEmpty(); i++) {
          servedBy.add(client.echo(name + "-" + i, body).servedBy());
          done.incrementAndGet();
        }
      } catch (IOException | InterruptedException failed) {
        failures.add(failed.toString());
      } finally {
        caller.complete(null);
      }
    }
  }
}
