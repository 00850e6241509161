package dev.osprey.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DemoLoadTest {
  private final Tally tally = new Tally();

  @Test
  void losesNothing_whenTheUpstreamAnswersItself() throws Exception {
    try (DemoUpstream upstream = DemoUpstream.start();
        DemoLoad load = new DemoLoad(upstream.port(), tally)) {
      while (tally.requests() < 500) {
        Thread.onSpinWait();
      }
      assertThat(load.end(upstream)).isTrue();

      assertThat(tally.failedExchanges()).as("%s", tally.examples()).isZero();
      assertThat(tally.lostConnections()).isZero();
      assertThat(load.downloadedLines()).isEqualTo(DemoLoad.DOWNLOADS);
      assertThat(tally.versions()).containsExactly("unknown");
      assertThat(load.versionChanges().getMax()).isZero();
    }
  }

  @Test
  void countsAnEndedConnectionAsFailedAndLost() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> acceptAndClose(server));
      run(server.getLocalPort(), 3);
    }
    assertThat(tally.failedExchanges()).isEqualTo(3);
    assertThat(tally.lostConnections()).isEqualTo(3);
    assertThat(tally.examples()).allMatch(example -> example.startsWith("it: "));
  }

  @Test
  void countsAWrongTokenAsFailed_andAnAnnouncedCloseAsLost() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() ->
              answer(
                  server,
                  "HTTP/1.1 200 OK\r\nConnection: close\r\n" + "Content-Length: 5\r\n\r\nwrong"));
      run(server.getLocalPort(), 1);
    }
    assertThat(tally.failedExchanges()).isEqualTo(1);
    assertThat(tally.lostConnections()).isEqualTo(1);
  }

  private void run(int port, int attempts) {
    AtomicInteger left = new AtomicInteger(attempts);
    new DemoCaller("it", port, DemoCaller.Pace.BUSY, tally, () -> left.getAndDecrement() > 0).run();
  }

  private static void acceptAndClose(ServerSocket server) {
    answer(server, "");
  }

  private static void answer(ServerSocket server, String bytes) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getInputStream().read(new byte[4_096]);
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      } catch (java.io.IOException closed) {
        return;
      }
    }
  }
}
