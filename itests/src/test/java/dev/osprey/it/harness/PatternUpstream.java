package dev.osprey.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A server of HTTP/2 whose every connection is a {@link PatternPeer}. */
public final class PatternUpstream implements AutoCloseable {
  private final ServerSocket server;
  private final BiConsumer<PatternPeer, PatternStream> onHead;
  private final int[] settings;
  private final List<PatternPeer> connections = new CopyOnWriteArrayList<>();

  private PatternUpstream(
      ServerSocket server, BiConsumer<PatternPeer, PatternStream> onHead, int... settings) {
    this.server = server;
    this.onHead = onHead;
    this.settings = settings;
  }

  /** Listens on a free port; {@code onHead} says what becomes of each stream whose head came. */
  public static PatternUpstream start(
      BiConsumer<PatternPeer, PatternStream> onHead, int... settings) {
    try {
      PatternUpstream upstream =
          new PatternUpstream(
              new ServerSocket(0, 100, InetAddress.getLoopbackAddress()), onHead, settings);
      Thread.ofVirtual().name("pattern-upstream").start(upstream::accept);
      return upstream;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.add(PatternPeer.serve(socket, onHead, settings));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** The port. */
  public int port() {
    return server.getLocalPort();
  }

  /** All connections so far. */
  public List<PatternPeer> connections() {
    return connections;
  }

  @Override
  public void close() {
    try {
      server.close();
      connections.forEach(PatternPeer::close);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
