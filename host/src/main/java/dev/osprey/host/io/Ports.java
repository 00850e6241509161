package dev.osprey.host.io;

import dev.osprey.host.io.Listening.BindFailure;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/** Whether others listen on an address. */
final class Ports {
  private Ports() {}

  /**
   * Loops share a port among them, and the kernel would share it with every other process of the
   * same user too: a second instance by mistake would take half of the first one's connections. So
   * a socket that shares nothing, and never listens, asks first.
   *
   * @throws BindFailure when somebody listens there
   */
  static void expectFree(String listener, InetSocketAddress address) throws BindFailure {
    boolean isFour = address.getAddress() instanceof Inet4Address;
    try (SocketChannel probe =
        SocketChannel.open(isFour ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
      // Connections of an earlier process that wait for their end are in nobody's way.
      probe.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      probe.bind(address);
    } catch (IOException | UnsupportedOperationException taken) {
      throw BindFailure.of(listener, address, taken);
    }
  }
}
