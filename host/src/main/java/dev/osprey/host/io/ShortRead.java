package dev.osprey.host.io;

import dev.osprey.host.loop.LoopThread;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Netty's handle of a socket, with a short way for the one event that nearly all are: bytes have
 * come, and nothing else. Whose they are shows at the first read, which goes Netty's way, as does
 * every other event. On the loop.
 */
final class ShortRead implements EpollIoHandle {
  private final EpollIoHandle channel;
  private @Nullable ChannelConduit conduit;

  ShortRead(EpollIoHandle channel) {
    this.channel = channel;
  }

  /** What is read at the moment is this conduit's, which takes the rest by itself. */
  static void isReadBy(ChannelConduit conduit) {
    if (Thread.currentThread() instanceof LoopThread thread
        && thread.reading() instanceof ShortRead read) {
      read.conduit = conduit;
    }
  }

  @Override
  public FileDescriptor fd() {
    return channel.fd();
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    ChannelConduit known = conduit;
    if (known == null) {
      handleUnknown(registration, event);
    } else if (!isOnlyReadable(event) || !known.read()) {
      channel.handle(registration, event);
    }
  }

  private static boolean isOnlyReadable(IoEvent event) {
    return event instanceof EpollIoEvent epoll && epoll.ops().value() == EpollIoOps.EPOLLIN.value();
  }

  private void handleUnknown(IoRegistration registration, IoEvent event) {
    if (!(Thread.currentThread() instanceof LoopThread thread)) {
      channel.handle(registration, event);
      return;
    }
    thread.reading(this);
    try {
      channel.handle(registration, event);
    } finally {
      thread.reading(null);
    }
  }

  @Override
  public void registered() {
    channel.registered();
  }

  @Override
  public void unregistered() {
    conduit = null;
    channel.unregistered();
  }

  @Override
  public void close() throws Exception {
    channel.close();
  }
}
