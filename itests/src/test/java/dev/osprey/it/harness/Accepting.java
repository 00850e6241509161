package dev.osprey.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A socket that listens on loopback; each connection has a virtual thread that serves it. */
final class Accepting implements AutoCloseable {
  private static final int BACKLOG = 1000;

  private final ServerSocket server;
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();

  private Accepting(ServerSocket server) {
    this.server = server;
  }

  /** Listens on a free port; what {@code served} throws is its own affair. */
  static Accepting start(String name, Consumer<Socket> served) {
    try {
      Accepting all = new Accepting(new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().name(name).start(() -> all.accept(name, served));
      return all;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** Connections so far. */
  int count() {
    return accepted.size();
  }

  boolean isClosed() {
    return server.isClosed();
  }

  /** Closes all connections too. */
  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : accepted) {
        socket.close();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void accept(String name, Consumer<Socket> served) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        accepted.add(socket);
        Thread.ofVirtual().name(name + "-connection").start(() -> served.accept(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }
}
