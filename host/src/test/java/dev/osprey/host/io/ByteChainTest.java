package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@ParameterizedClass
@EnumSource(Mover.class)
class ByteChainTest {
  private static final int CHANGES = 20;

  @Parameter Mover mover;
  private Network network;
  private ServerSocket upstream;
  private RelayGenerations generations;

  @BeforeEach
  void startEcho() throws IOException {
    network = mover.network();
    generations = new RelayGenerations(network.loops(), mover.model, 1 << 20);
    upstream = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    var _ = Thread.ofVirtual().start(this::acceptAll);
  }

  @AfterEach
  void stop() throws IOException {
    upstream.close();
    network.close();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = upstream.accept();
        var _ = Thread.ofVirtual().start(() -> echo(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
      socket.getOutputStream().write("end".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException gone) {
      // The client left; its own assertions tell whether that was right.
    }
  }

  private DataPlane.Moves publish(Generation next) throws Exception {
    assertThat(network.bind(next)).isEmpty();
    return network.publish(next).get(5, TimeUnit.SECONDS);
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), network.listeners().get(0).port());
  }

  @Test
  void relaysBothWays_andCarriesHalfCloseThrough() throws Exception {
    publish(generations.next(generations.extension("1"), upstream.getLocalPort()));
    try (Socket client = connect()) {
      client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
      client.shutdownOutput();
      assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo("helloend");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void noticesAClientThatResets_whileNothingIsReadFromIt(int sentBefore) throws Exception {
    try (DeafEndpoint deaf = new DeafEndpoint()) {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      Duration never = Duration.ofSeconds(60);
      publish(generations.next(generations.extension("1"), any, deaf.address().getPort(), never));
      Socket client = connect();
      client.getOutputStream().write(new byte[sentBefore]);
      await().until(() -> !network.connections(10).get().isEmpty());
      client.setSoLinger(true, 0);
      client.close();
      // io_uring tells nothing of a socket that nobody reads.
      if (mover != Mover.IO_URING) {
        await()
            .atMost(1500, TimeUnit.MILLISECONDS)
            .until(() -> network.connections(10).get().isEmpty());
      }
    }
  }

  @Test
  void losesNoWaitingConnection_whenTheIoModelChangesUnderLoad() throws Exception {
    Extension relay = generations.extension("1");
    publish(generations.next(relay, upstream.getLocalPort()));
    int port = network.listeners().get(0).port();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger served = new AtomicInteger();
    Queue<String> lost = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!over.get()) {
                  try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    client.setSoLinger(true, 0);
                    client.getOutputStream().write(1);
                    assertThat(client.getInputStream().read()).isOne();
                    served.incrementAndGet();
                  } catch (IOException | AssertionError failure) {
                    lost.add(failure.toString());
                  }
                }
              }));
    }
    IoModel other = mover.model == IoModel.THREAD ? IoModel.REACTOR : IoModel.THREAD;
    for (int change = 0; change < CHANGES; change++) {
      generations.model(change % 2 == 0 ? other : mover.model);
      publish(generations.next(relay, upstream.getLocalPort()));
    }
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
    assertThat(network.listeners().get(0).port()).isEqualTo(port);
    assertThat(served.get()).isPositive();
    // A handshake under way when a socket closes is lost unless the kernel hands it over: about one
    // in 20 changes here. Without taking what waits it was 14. io_uring accepts in the kernel and
    // can't be asked what is left.
    if (mover != Mover.IO_URING) {
      assertThat(lost).hasSizeLessThanOrEqualTo(handshakesMove() ? 0 : CHANGES / 2);
    }
  }

  private static boolean handshakesMove() throws IOException {
    Path setting = Path.of("/proc/sys/net/ipv4/tcp_migrate_req");
    return Files.exists(setting) && Files.readString(setting).strip().equals("1");
  }

  @Test
  void relaysBulkToASlowReader_withoutLosingAByte() throws Exception {
    publish(generations.next(generations.extension("1"), upstream.getLocalPort()));
    byte[] bulk = new byte[32 << 20];
    new Random(7).nextBytes(bulk);
    try (Socket client = connect()) {
      var writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.getOutputStream().write(bulk);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      byte[] back = new byte[bulk.length];
      new DataInputStream(client.getInputStream()).readFully(back);
      writer.join();
      assertThat(back).isEqualTo(bulk);
    }
  }

  @Test
  void deliversABulkAnswer_afterTheClientEndedItsDirection() throws Exception {
    publish(generations.next(generations.extension("1"), upstream.getLocalPort()));
    byte[] bulk = new byte[16 << 20];
    new Random(8).nextBytes(bulk);
    try (Socket client = connect()) {
      var writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  client.getOutputStream().write(bulk);
                  client.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      byte[] back = client.getInputStream().readAllBytes();
      writer.join();
      assertThat(back).hasSize(bulk.length + 3).startsWith(bulk);
    }
  }

  @Test
  void movesOpenPairsToTheNewVersion_andGivesTheOldOneBack() throws Exception {
    Extension first = generations.extension("1");
    publish(generations.next(first, upstream.getLocalPort()));
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Socket client = connect();
      clients.add(client);
      pingPong(client);
    }
    assertThat(first.leases()).isEqualTo(20);
    for (int swap = 0; swap < 10; swap++) {
      Extension next = generations.extension("v" + swap);
      DataPlane.Moves moves = publish(generations.next(next, upstream.getLocalPort()));
      assertThat(moves.moved()).isEqualTo(20);
      assertThat(first.leases()).isZero();
      assertThat(next.leases()).isEqualTo(20);
      for (Socket client : clients) {
        pingPong(client);
      }
      first = next;
    }
    for (Socket client : clients) {
      client.close();
    }
  }

  @Test
  void closesTheClient_whenNobodyListensUpstream() throws Exception {
    int dead;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      dead = free.getLocalPort();
    }
    publish(generations.next(generations.extension("1"), dead));
    try (Socket client = connect()) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void refusesAnAddressInUse_inWords() {
    Generation clash =
        generations.next(
            generations.extension("1"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), upstream.getLocalPort()),
            upstream.getLocalPort(),
            RelayGenerations.CONNECT_TIMEOUT);
    assertThat(network.bind(clash)).hasValueSatisfying(why -> assertThat(why).contains("in use"));
  }

  private static void pingPong(Socket client) throws IOException {
    client.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
    byte[] back = new byte[4];
    new DataInputStream(client.getInputStream()).readFully(back);
    assertThat(back).isEqualTo("ping".getBytes(StandardCharsets.US_ASCII));
  }
}
