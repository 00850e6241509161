package dev.osprey.host.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local socket on which an instance takes commands; only its owner may use it. A virtual thread
 * serves each connection.
 */
public final class ControlSocket {
  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
  // The system's bound on the name of such a socket is 108 bytes.
  private static final int LONGEST = 100;
  private static final int BACKLOG = 16;
  private static final long BREATH_NANOS = 500_000_000L;

  private final Path path;
  private final Path pointer;
  private final ServerSocketChannel server;
  private final Commands commands;
  private final Supplier<Shells> shells;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private ControlSocket(
      Path path,
      Path pointer,
      ServerSocketChannel server,
      Commands commands,
      Supplier<Shells> shells) {
    this.path = path;
    this.pointer = pointer;
    this.server = server;
    this.commands = commands;
    this.shells = shells;
  }

  /**
   * Opens {@code ctl.sock} in the data folder. Where that name is too long, a short one, which
   * {@code ctl.path} names.
   *
   * @param shells the shell at the time of a connection
   * @throws IOException if it can't be made
   */
  public static ControlSocket open(Path data, Commands commands, Supplier<Shells> shells)
      throws IOException {
    Path pointer = data.resolve("ctl.path");
    Path path = data.resolve("ctl.sock");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    Files.deleteIfExists(pointer);
    Files.deleteIfExists(path);
    if (path.toString().length() > LONGEST) {
      path = Files.createTempDirectory("osprey").resolve("ctl.sock");
      Files.writeString(pointer, path + "\n");
    }
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path), BACKLOG);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    ControlSocket socket = new ControlSocket(path, pointer, server, commands, shells);
    Thread.ofVirtual().name("osprey-ctl").start(socket::accept);
    return socket;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** Closes it and every connection. */
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(path);
      if (Files.deleteIfExists(pointer)) {
        Files.deleteIfExists(path.getParent());
      }
      for (SocketChannel channel : open) {
        channel.close();
      }
    } catch (IOException left) {
      LOG.debug("the control socket left something behind: {}", left.toString());
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        open.add(channel);
        Thread.ofVirtual().name("osprey-ctl-connection").start(() -> serve(channel));
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException failure) {
        // Out of descriptors, most likely: just then somebody will want to look.
        LOG.warn("the control socket can't accept: {}", failure.toString());
        LockSupport.parkNanos(BREATH_NANOS);
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel;
        Conversation conversation = new Conversation(channel, commands, shells)) {
      conversation.run();
    } catch (IOException gone) {
      LOG.debug("a control connection ended: {}", gone.toString());
    } finally {
      open.remove(channel);
    }
  }
}
