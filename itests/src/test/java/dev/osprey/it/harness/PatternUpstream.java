package dev.osprey.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** A server of HTTP/2 whose every connection is a {@link PatternPeer}. */
public final class PatternUpstream implements AutoCloseable {
  private final List<PatternPeer> connections = new CopyOnWriteArrayList<>();
  private final Accepting server;

  private PatternUpstream(BiConsumer<PatternPeer, PatternStream> onHead, int... settings) {
    server = Accepting.start("pattern-upstream", socket -> serve(socket, onHead, settings));
  }

  /** Listens on a free port; {@code onHead} says what becomes of each stream whose head came. */
  public static PatternUpstream start(
      BiConsumer<PatternPeer, PatternStream> onHead, int... settings) {
    return new PatternUpstream(onHead, settings);
  }

  private void serve(
      Socket socket, BiConsumer<PatternPeer, PatternStream> onHead, int... settings) {
    try {
      connections.add(PatternPeer.serve(socket, onHead, settings));
    } catch (IOException gone) {
      throw new UncheckedIOException("a connection without a preface", gone);
    }
  }

  /** The port. */
  public int port() {
    return server.port();
  }

  /** All connections so far. */
  public List<PatternPeer> connections() {
    return connections;
  }

  @Override
  public void close() {
    connections.forEach(PatternPeer::close);
    server.close();
  }
}
