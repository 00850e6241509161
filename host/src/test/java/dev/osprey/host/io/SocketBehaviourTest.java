package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.testkit.TrackingAllocator;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What sockets do in bad company; the same in both I/O models, and nothing is left behind. */
@Timeout(60)
@ParameterizedClass
@EnumSource(Mover.class)
class SocketBehaviourTest {
  private static final int LIMIT = 64 * 1024;
  private static final int LARGEST_READ = 256 * 1024;

  @Parameter Mover mover;

  private final TrackingAllocator allocator = new TrackingAllocator();
  private Network network;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private ServerSocket upstream;
  private volatile boolean resets;
  private RelayGenerations generations;
  private Extension extension;

  /** What the upstream does with a connection. */
  private interface Service {
    void serve(InputStream in, OutputStream out) throws IOException;
  }

  @BeforeEach
  void start() {
    network = mover.network(allocator);
    generations = new RelayGenerations(network.loops(), mover.model, LIMIT);
    extension = generations.extension("1");
  }

  @AfterEach
  void stopsWithoutARest() throws IOException {
    network.close();
    upstream.close();
    await().atMost(10, TimeUnit.SECONDS).until(() -> allocator.unreleased().isEmpty());
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> ThreadDump.take().startingWith("osprey-conn-").isEmpty());
    assertThat(extension.leases()).isZero();
  }

  private void serve(Service service) throws Exception {
    upstream = new ServerSocket(0, 2000, InetAddress.getLoopbackAddress());
    var _ = Thread.ofVirtual().start(() -> acceptAll(service));
    publish(generations.next(extension, upstream.getLocalPort()));
  }

  private void acceptAll(Service service) {
    try {
      while (true) {
        Socket socket = upstream.accept();
        accepted.incrementAndGet();
        var _ = Thread.ofVirtual().start(() -> serve(service, socket));
      }
    } catch (IOException over) {
      // The test is over.
    }
  }

  private void serve(Service service, Socket socket) {
    try (socket) {
      service.serve(socket.getInputStream(), socket.getOutputStream());
      if (resets) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException gone) {
      // What became of it is counted below.
    } finally {
      closed.incrementAndGet();
    }
  }

  private void flood(InputStream in, OutputStream out) throws IOException {
    byte[] piece = new byte[16 * 1024];
    while (true) {
      out.write(piece);
      sent.addAndGet(piece.length);
    }
  }

  private static void echo(InputStream in, OutputStream out) throws IOException {
    in.transferTo(out);
  }

  private void publish(Generation next) throws Exception {
    assertThat(network.bind(next)).isEmpty();
    network.publish(next).get(5, TimeUnit.SECONDS);
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), network.listeners().getFirst().port());
  }

  private void awaitStandstill() {
    long[] before = {-1};
    await()
        .atMost(20, TimeUnit.SECONDS)
        .pollInterval(300, TimeUnit.MILLISECONDS)
        .until(() -> {
          long now = sent.get();
          boolean still = now > 0 && now == before[0];
          before[0] = now;
          return still;
        });
  }

  @Test
  void boundsWhatIsQueued_forAPeerThatNeverReads() throws Exception {
    serve(this::flood);
    try (Socket client = connect()) {
      awaitStandstill();
      assertThat(allocator.liveBytes()).isLessThanOrEqualTo(LIMIT + 2 * LARGEST_READ);
      client.getInputStream().readNBytes(4 << 20);
      awaitStandstill();
      assertThat(sent.get()).isGreaterThan(4 << 20);
      assertThat(allocator.liveBytes()).isLessThanOrEqualTo(LIMIT + 2 * LARGEST_READ);
    }
    await().atMost(10, TimeUnit.SECONDS).until(() -> closed.get() == accepted.get());
  }

  @Test
  void closesAtOnce_whileItsPeersAreSilent() throws Exception {
    serve(SocketBehaviourTest::echo);
    try (Socket client = connect()) {
      echoes(client);
      network.evict(extension);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() == 1);
  }

  @Test
  void closesAtOnce_whileItWaitsInAWrite() throws Exception {
    serve(this::flood);
    try (Socket client = connect()) {
      awaitStandstill();
      network.evict(extension);
      await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() == 1);
      assertThat(client.isClosed()).isFalse();
    }
  }

  @Test
  void sendsWhatHasPassed_whenItIsEvicted() throws Exception {
    serve(this::flood);
    try (Socket client = connect()) {
      awaitStandstill();
      assertThat(allocator.liveBytes()).isPositive();
      network.evict(extension);
      await().atMost(5, TimeUnit.SECONDS).until(() -> extension.leases() == 0);
      long received = client.getInputStream().transferTo(OutputStream.nullOutputStream());
      assertThat(received).isEqualTo(generations.answered());
    }
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() == 1);
  }

  @Test
  void tellsTheUpstream_whenTheClientResets() throws Exception {
    serve(SocketBehaviourTest::echo);
    Socket client = connect();
    echoes(client);
    client.setSoLinger(true, 0);
    client.close();
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() == 1);
  }

  @Test
  void passesAResetOn_asAReset() throws Exception {
    AtomicLong seen = new AtomicLong();
    serve((in, out) -> {
      try {
        echo(in, out);
      } catch (SocketException reset) {
        seen.incrementAndGet();
      }
    });
    Socket client = connect();
    echoes(client);
    client.setSoLinger(true, 0);
    client.close();
    await().atMost(5, TimeUnit.SECONDS).until(() -> seen.get() == 1);
    await().atMost(5, TimeUnit.SECONDS).until(() -> closed.get() == 1);
  }

  @Test
  void passesAResetOfTheUpstreamOn_asAReset() throws Exception {
    resets = true;
    serve((in, out) -> {
      out.write(in.readNBytes(4));
      if (mover == Mover.IO_URING) {
        // It misses a reset that comes right behind bytes.
        LockSupport.parkNanos(300_000_000);
      }
    });
    try (Socket client = connect()) {
      echoes(client);
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void givesUpConnecting_afterTheTimeout() throws Exception {
    // Its queue of connections is full and nobody accepts: the next one hangs.
    upstream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    List<Socket> fillers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      fillers.add(new Socket(InetAddress.getLoopbackAddress(), upstream.getLocalPort()));
    }
    publish(
        generations.next(
            extension,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            upstream.getLocalPort(),
            Duration.ofMillis(300)));
    try (Socket client = connect()) {
      long start = System.nanoTime();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(200), Duration.ofSeconds(5));
    }
    for (Socket filler : fillers) {
      filler.close();
    }
  }

  @Test
  void carriesAThousandConnections_andHoldsNothingForThoseAtRest() throws Exception {
    serve(SocketBehaviourTest::echo);
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Socket client = connect();
      clients.add(client);
      echoes(client);
    }
    await().atMost(5, TimeUnit.SECONDS).until(() -> allocator.liveBytes() == 0);
    assertThat(network.connections(5000).get(5, TimeUnit.SECONDS))
        .hasSize(1000)
        .allSatisfy(view -> assertThat(view.ioModel()).isEqualTo(mover.model.label()));
    if (mover == Mover.THREAD) {
      var threads = ThreadDump.take().startingWith("osprey-conn-");
      assertThat(threads).as("a thread for either end of each pair").hasSize(2000);
      assertThat(threads.values())
          .allSatisfy(stack ->
              assertThat(stack).anyMatch(frame -> frame.contains("SocketChannelImpl.read")));
    }
    for (Socket client : clients) {
      client.close();
    }
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> closed.get() == 1000 && network.listeners().getFirst().connections() == 0);
  }

  @Test
  void goesOnReading_whileAPeerTakesNothing() throws Exception {
    // One direction stands still, the other has to go on.
    serve((in, out) -> {
      var _ = Thread.ofVirtual().start(() -> drain(in));
      flood(in, out);
    });
    try (Socket client = connect()) {
      awaitStandstill();
      byte[] piece = new byte[1 << 20];
      for (int i = 0; i < 16; i++) {
        client.getOutputStream().write(piece);
      }
      await().atMost(10, TimeUnit.SECONDS).until(() -> drained.get() == 16L << 20);
    }
    await().atMost(10, TimeUnit.SECONDS).until(() -> closed.get() == accepted.get());
  }

  private final AtomicLong drained = new AtomicLong();

  private void drain(InputStream in) {
    byte[] piece = new byte[64 * 1024];
    try {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        drained.addAndGet(n);
      }
    } catch (SocketException reset) {
      // The client left with bytes unread.
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void echoes(Socket client) throws IOException {
    byte[] ping = {1, 2, 3, 4};
    client.getOutputStream().write(ping);
    byte[] back = new byte[4];
    new DataInputStream(client.getInputStream()).readFully(back);
    assertThat(back).isEqualTo(ping);
  }
}
