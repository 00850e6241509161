package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.host.io.Listening.BindFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
  void isTaken_evenByOneThatWouldShareIt(String asked) throws Exception {
    try (ServerSocketChannel other = listen(true)) {
      InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(asked), port(other));

      assertThatThrownBy(() -> Ports.expectFree("http", address))
          .isInstanceOf(BindFailure.class)
          .hasMessageStartingWith("listener http: can't listen on " + asked + ":" + port(other));
    }
  }

  @Test
  void isFree_whenNobodyListens_andWhenConnectionsOfAnEarlierProcessRemain() throws Exception {
    InetSocketAddress address;
    try (ServerSocketChannel earlier = listen(false)) {
      address = (InetSocketAddress) earlier.getLocalAddress();
      try (Socket _ = new Socket(address.getAddress(), address.getPort())) {
        earlier.accept().close(); // whoever closes first has the port in TIME_WAIT
      }
    }
    assertThatCode(() -> Ports.expectFree("http", address)).doesNotThrowAnyException();
  }

  private static ServerSocketChannel listen(boolean sharing) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    socket.setOption(StandardSocketOptions.SO_REUSEPORT, sharing);
    return socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
  }

  private static int port(ServerSocketChannel socket) throws IOException {
    return ((InetSocketAddress) socket.getLocalAddress()).getPort();
  }
}
