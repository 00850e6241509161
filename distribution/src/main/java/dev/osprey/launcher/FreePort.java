package dev.osprey.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds TCP ports of the loopback address that nobody listens on. */
final class FreePort {
  private FreePort() {}

  /** The wanted port if it is free, else any free one. */
  static int near(int wanted) throws IOException {
    try {
      return bind(wanted);
    } catch (IOException taken) {
      return bind(0);
    }
  }

  static int any() throws IOException {
    return bind(0);
  }

  private static int bind(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket.getLocalPort();
    }
  }
}
