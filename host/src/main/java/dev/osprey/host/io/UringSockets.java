package dev.osprey.host.io;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/** What is of io_uring; apart, so that an installation can do without Netty's jars for it. */
final class UringSockets {
  private static final String ENTRY = "io.netty.channel.uring.IoUring";

  private UringSockets() {}

  /** Why it can't be had, in words; null when it can. */
  static @Nullable String obstacle() {
    try {
      Class.forName(ENTRY, false, UringSockets.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      return "netty-transport-classes-io_uring is not installed";
    }
    if (IoUring.isAvailable()) {
      return null;
    }
    Throwable cause = IoUring.unavailabilityCause();
    return Sockets.words(cause);
  }

  static IoHandlerFactory ioHandlers() {
    return IoUringIoHandler.newFactory();
  }

  static Class<? extends ServerChannel> serverChannel() {
    return IoUringServerSocketChannel.class;
  }

  static Class<? extends SocketChannel> channel() {
    return IoUringSocketChannel.class;
  }
}
