package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.PatternPeer;
import dev.osprey.it.harness.PatternStream;
import dev.osprey.it.harness.PatternUpstream;
import dev.osprey.it.harness.Ports;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A reader that gives no window stalls its own stream and no other: neither one of its connection,
 * nor one of another client whose requests go over the same connection to the upstream. What is
 * held for it stays within the window of one stream.
 */
class Http2SlowReaderIT {
  private static final int BIG = 20_000_000;
  private static final int FIRST_WINDOW = 65_535;

  /** What the slow one was given, and what the proxy takes ahead ({@code README}). */
  private static final int MOST = FIRST_WINDOW + 262_144;

  private static final int MOST_CLIENTS = 64;
  private static final Map<String, Integer> PORTS =
      Map.of("reactor", Ports.free(), "thread", Ports.free());
  private static final PatternUpstream UPSTREAM =
      PatternUpstream.start((peer, stream) -> serve(stream));
  private static final Osprey OSPREY = Osprey.start(config());

  private static Config config() {
    Config config = Config.empty();
    String route = "match: { prefix: / }, route: { cluster: app, timeout: 0s }";
    PORTS.forEach((model, port) -> config.withManager(model, port, "", route).in(model));
    return config.withCluster("app", Config.speaking("http2_protocol_options"), UPSTREAM.port());
  }

  private static void serve(PatternStream stream) {
    String path = stream.field(":path");
    if (path.startsWith("/stuck/up/")) {
      var _ = stream.reads(0, 0);
    } else if (path.startsWith("/stuck/down/")) {
      var _ = sends(stream, PatternStream.NO_END, ":status", "200");
    } else if (path.startsWith("/down/")) {
      var _ = sends(stream, BIG, ":status", "200");
    }
  }

  private static PatternStream sends(PatternStream stream, long bytes, String... head) {
    return stream.sends(0, bytes, PatternStream.NO_END, head);
  }

  private static PatternStream ask(PatternStream stream, long bytes, String path) {
    return sends(
        stream,
        bytes,
        ":method",
        bytes == 0 ? "GET" : "POST",
        ":scheme",
        "http",
        ":authority",
        "a",
        ":path",
        path);
  }

  /** A stream that nobody reads down there, and one that nobody reads up here. */
  private record Stuck(PatternStream up, PatternStream down, String name) {
    static Stuck open(PatternPeer client, String name) {
      PatternStream up = ask(client.open(), PatternStream.NO_END, "/stuck/up/" + name);
      PatternStream down = ask(client.open().reads(0, 0), 0, "/stuck/down/" + name);
      await("both are stuck")
          .until(() ->
              down.received() == FIRST_WINDOW
                  && served("/stuck/up/" + name)
                      .filter(it -> it.received() == FIRST_WINDOW)
                      .isPresent());
      return new Stuck(up, down, name);
    }

    void assertHeldWithinOneWindow() {
      assertThat(down.received()).isEqualTo(FIRST_WINDOW);
      assertThat(of("/stuck/up/" + name).received()).isEqualTo(FIRST_WINDOW);
      assertThat(up.sent()).isBetween((long) FIRST_WINDOW, (long) MOST);
      assertThat(of("/stuck/down/" + name).sent()).isBetween((long) FIRST_WINDOW, (long) MOST);
    }

    /** Reads on: what was held comes, and all behind it. */
    void assertItGoesOn() {
      up.finish(2 * MOST);
      of("/stuck/up/" + name).finish(0);
      down.finish(0);
      of("/stuck/down/" + name).finish(2 * MOST);
      await("all has come")
          .until(
              () -> down.received() == 2 * MOST && of("/stuck/up/" + name).received() == 2 * MOST);
    }
  }

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reactor", "thread"})
  void besideAnotherStreamOfBothItsConnections(String model) {
    int before = UPSTREAM.connections().size();
    try (PatternPeer client = PatternPeer.connect(port(model))) {
      Stuck stuck = Stuck.open(client, "one-" + model);
      moveMuch(client, "beside-" + model);

      stuck.assertHeldWithinOneWindow();
      assertThat(UPSTREAM.connections()).as("one upstream connection").hasSize(before + 1);
      stuck.assertItGoesOn();
      assertFine(client);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reactor", "thread"})
  void besideAnotherClientOnTheSameUpstreamConnection(String model) {
    try (PatternPeer slow = PatternPeer.connect(port(model))) {
      Stuck stuck = Stuck.open(slow, "two-" + model);
      PatternPeer shared = serving("/stuck/up/two-" + model);
      try (PatternPeer other = clientOn(shared, model)) {
        moveMuch(other, "other-" + model);

        assertThat(serving("/up/other-" + model)).isSameAs(shared);
        assertThat(serving("/down/other-" + model)).isSameAs(shared);
        stuck.assertHeldWithinOneWindow();
        stuck.assertItGoesOn();
        assertFine(other);
      }
      assertFine(slow);
    }
  }

  private static int port(String model) {
    return java.util.Objects.requireNonNull(PORTS.get(model));
  }

  /** Clients share an upstream connection when the same loop or shard serves them. */
  private static PatternPeer clientOn(PatternPeer shared, String model) {
    for (int i = 0; i < MOST_CLIENTS; i++) {
      PatternPeer client = PatternPeer.connect(port(model));
      String path = "/look/" + model + i;
      var _ = ask(client.open(), 0, path);
      await("it has come").until(() -> served(path).isPresent());
      if (serving(path) == shared) {
        return client;
      }
      client.close();
    }
    throw new AssertionError("none of " + MOST_CLIENTS + " clients shares its upstream connection");
  }

  /** Moves 20 MB each way, and checks each byte. */
  private static void moveMuch(PatternPeer client, String name) {
    PatternStream up = ask(client.open(), BIG, "/up/" + name);
    PatternStream down = ask(client.open(), 0, "/down/" + name);
    await("the others go on")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> down.isEnded() && served("/up/" + name).filter(it -> it.isEnded()).isPresent());
    assertThat(down.received()).isEqualTo(BIG);
    assertThat(of("/up/" + name).received()).isEqualTo(up.sent()).isEqualTo(BIG);
  }

  private static void assertFine(PatternPeer client) {
    assertThat(client.problems()).isEmpty();
    assertThat(client.goodbyes()).isEmpty();
  }

  private static Optional<PatternStream> served(String path) {
    return UPSTREAM.connections().stream()
        .flatMap(it -> it.streams().stream())
        .filter(it -> it.field(":path").equals(path))
        .findFirst();
  }

  private static PatternStream of(String path) {
    return served(path).orElseThrow();
  }

  private static PatternPeer serving(String path) {
    return UPSTREAM.connections().stream()
        .filter(it -> it.streams().contains(of(path)))
        .findFirst()
        .orElseThrow();
  }
}
