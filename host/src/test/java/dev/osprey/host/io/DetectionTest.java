package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.stats.Stats;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.testkit.toy.ToyMuxClient;
import dev.osprey.testkit.toy.ToyMuxUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections told by their first bytes, over sockets, in both I/O models. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
    value = Mover.class,
    names = {"EPOLL", "THREAD"})
class DetectionTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final byte[] PREFACE = "TOYMUX1\n".getBytes(StandardCharsets.US_ASCII);

  @Parameter Mover mover;
  private final Stats stats = new Stats();
  private Network network;
  private ToyMuxUpstream mux;
  private ServerSocket other;
  private final AtomicInteger relayed = new AtomicInteger();
  private DetectingGenerations generations;
  private Extension codec;

  @BeforeEach
  void start() throws IOException {
    network = mover.network(stats);
    mux = new ToyMuxUpstream();
    other = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    var _ = Thread.ofVirtual().start(this::greetAndEcho);
    generations =
        new DetectingGenerations(
            network.loops(),
            mover.model,
            mux.address(),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), other.getLocalPort()));
    codec = generations.codec("1");
  }

  @AfterEach
  void stop() throws IOException {
    other.close();
    mux.close();
    network.close();
  }

  /** Speaks first, as servers of some protocols do. */
  private void greetAndEcho() {
    try {
      while (true) {
        Socket socket = other.accept();
        relayed.incrementAndGet();
        var _ =
            Thread.ofVirtual()
                .start(() -> {
                  try (socket) {
                    socket.getOutputStream().write('!');
                    socket.getInputStream().transferTo(socket.getOutputStream());
                  } catch (IOException gone) {
                    // The client left; its own assertions tell whether that was right.
                  }
                });
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void publish(Generation next) throws Exception {
    assertThat(network.bind(next)).isEmpty();
    var _ = network.publish(next).get(10, TimeUnit.SECONDS);
  }

  private void publishToy() throws Exception {
    publish(generations.next(codec, DetectingGenerations.toy(codec)));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    socket.connect(address());
    return socket;
  }

  private InetSocketAddress address() {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), network.listeners().get(0).port());
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  private long count(String metric) {
    return stats.counters().getOrDefault("listener.l." + metric, 0L);
  }

  private void expectEnd(Socket client, String metric) throws IOException {
    InputStream in = client.getInputStream();
    assertThat(in.read()).as("an end, and nothing before it").isEqualTo(-1);
    await().until(() -> count(metric) == 1);
    await().until(() -> count("cx_active") == 0);
    assertThat(relayed).hasValue(0);
  }

  @Test
  void servesItsCodecs_andGivesTheRestToTheNextFilter() throws Exception {
    publishToy();
    try (ToyMuxClient client = new ToyMuxClient(address());
        Socket raw = connect()) {
      assertThat(client.echo("a", new byte[100]).status()).isEqualTo(200);
      send(raw, "EHLO");
      assertThat(read(raw, 5)).isEqualTo("!EHLO");
      assertThat(count("cx_passed_on")).isOne();
      assertThat(count("cx_active")).isEqualTo(2);
    }
    await().until(() -> count("cx_active") == 0);
  }

  @Test
  void tellsThem_howeverTheFirstBytesAreCut() throws Exception {
    publishToy();
    for (int cut = 1; cut < PREFACE.length; cut++) {
      String same = new String(PREFACE, 0, cut, StandardCharsets.US_ASCII);
      try (Socket raw = connect()) {
        send(raw, same);
        await().until(() -> isWaiting());
        send(raw, "?");
        assertThat(read(raw, cut + 2)).isEqualTo("!" + same + "?");
      }
      await().until(() -> count("cx_active") == 0);
    }
  }

  /** Whether the loop has read something of a connection that it can't tell yet. */
  private boolean isWaiting() throws Exception {
    return network.connections(10).get(5, TimeUnit.SECONDS).stream()
        .anyMatch(connection -> connection.side().equals("newcomer"));
  }

  @Test
  void givesASilentClientToTheNextFilter_whenTimeIsUp() throws Exception {
    generations.timeout(SHORT);
    publishToy();
    try (Socket silent = connect();
        Socket undecided = connect()) {
      send(undecided, "T");
      assertThat(read(silent, 1)).isEqualTo("!");
      assertThat(read(undecided, 2)).isEqualTo("!T");
    }
  }

  @Test
  void givesAClientThatEndsEarlyToTheNextFilter_unlessItSaidNothing() throws Exception {
    publishToy();
    try (Socket early = connect();
        Socket mute = connect()) {
      mute.shutdownOutput();
      assertThat(mute.getInputStream().read()).isEqualTo(-1);
      send(early, "TO");
      early.shutdownOutput();
      assertThat(new String(early.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo("!TO");
    }
    assertThat(relayed).hasValue(1);
  }

  @Test
  void closesWhatNobodyKnows_whenNothingIsBehind() throws Exception {
    generations.refusing();
    CodecPlan toy = DetectingGenerations.toy(codec);
    publish(generations.next(codec, toy, toy));
    try (Socket raw = connect()) {
      send(raw, "EHLO");
      expectEnd(raw, "cx_unknown");
    }
  }

  @Test
  void closesWhatCannotBeToldInTime_whenNothingIsBehind() throws Exception {
    generations.refusing().timeout(SHORT);
    CodecPlan toy = DetectingGenerations.toy(codec);
    publish(generations.next(codec, toy, toy));
    try (Socket silent = connect();
        Socket undecided = connect()) {
      send(undecided, "T");
      InputStream in = undecided.getInputStream();
      assertThat(in.read()).isEqualTo(-1);
      await().until(() -> count("cx_unknown_in_time") == 1);
      undecided.close();
      await("one that is silent may be early").until(() -> count("cx_active") == 1);
      silent.close();
      await().until(() -> count("cx_active") == 0);
    }
  }

  @Test
  void letsASilentClientIdle_whenNothingIsBehind() throws Exception {
    generations.refusing().idleTimeout(SHORT);
    CodecPlan toy = DetectingGenerations.toy(codec);
    publish(generations.next(codec, toy, toy));
    try (Socket silent = connect()) {
      expectEnd(silent, "cx_unknown_in_time");
    }
  }

  @Test
  void asksForNoMoreThanIsEnough() throws Exception {
    CodecPlan toy = DetectingGenerations.toy(codec);
    publish(generations.next(codec, DetectingGenerations.unsure(toy), toy));
    try (Socket raw = connect()) {
      send(raw, "x".repeat(4096));
      assertThat(read(raw, 4097)).endsWith("xxx");
    }
  }

  @Test
  void asksTheCodecsOfTheMoment_whenTheyAreSwappedBetweenTwoBytes() throws Exception {
    publishToy();
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Socket client = connect();
      send(client, "TO");
      clients.add(client);
    }
    await().until(() -> network.connections(100).get(5, TimeUnit.SECONDS).size() == 20);
    for (int swap = 2; swap < 10; swap++) {
      Extension old = codec;
      codec = generations.codec(Integer.toString(swap));
      publishToy();
      assertThat(old.leases()).isZero();
    }
    for (Socket client : clients) {
      send(client, "?");
      assertThat(read(client, 4)).isEqualTo("!TO?");
      client.close();
    }
  }

  @Test
  void decidesAnew_whenAChangeLeavesNothingToDecide() throws Exception {
    publishToy();
    try (Socket client = connect()) {
      send(client, "TO");
      await().until(() -> isWaiting());
      CodecPlan unknown = DetectingGenerations.toy(codec);
      generations.refusing();
      publish(generations.next(codec, unknown));
      await().until(() -> !isWaiting());
      assertThat(relayed).hasValue(0);
      assertThat(count("cx_active")).isOne();
    }
  }
}
