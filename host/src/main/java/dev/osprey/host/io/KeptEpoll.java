package dev.osprey.host.io;

import dev.osprey.host.loop.LoopThread;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's epoll, but for four things.
 *
 * <p>A socket that waits for nothing: Netty 4.2.18 takes it out of epoll and forgets that it did,
 * so the next wait (for room to write, after the peer has ended its direction) fails and what is
 * queued is lost. Here it stays in, edge-triggered without any event.
 *
 * <p>What sockets wait for is told to epoll once, right before the loop waits: Netty says it two or
 * three times while a socket is set up, and a pause that ends within the same turn not at all.
 * Before a socket is told of for the first time it is read: the client that has just connected has
 * usually sent its request already.
 *
 * <p>Bytes that have come are taken by their conduit itself, past Netty's pipeline, from a socket's
 * second read on ({@link ShortRead}).
 *
 * <p>A turn of the loop has an end, at which its {@link dev.osprey.host.loop.Loop} sends what many
 * events and tasks have written to one socket.
 */
final class KeptEpoll implements IoHandlerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(KeptEpoll.class);

  private static final EpollIoEvent READABLE = () -> EpollIoOps.EPOLLIN;

  private final IoHandlerFactory epoll;

  KeptEpoll() {
    this(EpollIoHandler.newFactory());
  }

  KeptEpoll(IoHandlerFactory epoll) {
    this.epoll = epoll;
  }

  @Override
  public IoHandler newHandler(ThreadAwareExecutor executor) {
    return new Handler(epoll.newHandler(executor));
  }

  @Override
  public boolean isChangingThreadSupported() {
    return epoll.isChangingThreadSupported();
  }

  /** Of one loop; but for {@link #wakeup} everything is on its thread. */
  private static final class Handler implements IoHandler {
    private final IoHandler epoll;
    private @Nullable Registration[] changed = new Registration[16];
    private int changes;

    Handler(IoHandler epoll) {
      this.epoll = epoll;
    }

    @Override
    public void initialize() {
      epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
      settle();
      int handled = epoll.run(context);
      LoopThread.endTurn();
      return handled;
    }

    /** Sends what tasks have left, and what comes of that: nothing is left when the loop waits. */
    private void settle() {
      do {
        tell();
      } while (LoopThread.endTurn());
    }

    private void tell() {
      for (int i = 0; i < changes; i++) {
        Registration registration = changed[i];
        changed[i] = null;
        if (registration != null) {
          registration.tell();
        }
      }
      changes = 0;
    }

    private void changed(Registration registration) {
      if (changes == changed.length) {
        changed = Arrays.copyOf(changed, changes * 2);
      }
      changed[changes++] = registration;
    }

    @Override
    public void prepareToDestroy() {
      LoopThread.endTurn();
      epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
      epoll.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
      IoHandle known = handle instanceof EpollIoHandle own ? new ShortRead(own) : handle;
      return new Registration(this, epoll.register(known), known);
    }

    @Override
    public void wakeup() {
      epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return epoll.isCompatible(handleType);
    }
  }

  private static final class Registration implements IoRegistration {
    private final Handler handler;
    private final IoRegistration epoll;
    private final IoHandle handle;
    private EpollIoOps told = EpollIoOps.NONE;
    private EpollIoOps wanted = EpollIoOps.NONE;
    private boolean queued;

    Registration(Handler handler, IoRegistration epoll, IoHandle handle) {
      this.handler = handler;
      this.epoll = epoll;
      this.handle = handle;
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      return epoll.attachment();
    }

    @Override
    public long submit(IoOps ops) {
      if (!epoll.isValid()) {
        return -1;
      }
      wanted = EpollIoOps.NONE.equals(ops) ? EpollIoOps.EPOLLET : (EpollIoOps) ops;
      if (!queued) {
        queued = true;
        handler.changed(this);
      }
      return wanted.value();
    }

    private void tell() {
      queued = false;
      if (told.equals(EpollIoOps.NONE) && wanted.contains(EpollIoOps.EPOLLIN)) {
        handle.handle(this, READABLE);
      }
      if (wanted.equals(told) || !epoll.isValid()) {
        return;
      }
      told = wanted;
      try {
        epoll.submit(wanted);
      } catch (UncheckedIOException failure) {
        LOG.warn("epoll refuses a socket, which is closed: {}", failure.getMessage());
        close();
      }
    }

    private void close() {
      try {
        handle.close();
      } catch (Exception failure) {
        LOG.warn("closing a socket: {}", failure.getMessage());
      }
    }

    @Override
    public boolean isValid() {
      return epoll.isValid();
    }

    @Override
    public boolean cancel() {
      return epoll.cancel();
    }
  }
}
