package dev.osprey.host.io;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** An address where a connect neither succeeds nor fails, because its backlog is full. */
final class DeafEndpoint implements AutoCloseable {
  private static final int MOST = 64;

  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final List<Socket> queued = new ArrayList<>();

  DeafEndpoint() throws IOException {
    while (queued.size() < MOST) {
      Socket next = new Socket();
      queued.add(next);
      try {
        next.connect(address(), 100);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
    throw new IOException("the backlog is never full");
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : queued) {
      socket.close();
    }
    listener.close();
  }
}
