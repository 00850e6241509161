package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What epoll is told, and when. */
class KeptEpollTest {
  private static final EpollIoOps HANG_UP = EpollIoOps.EPOLLRDHUP;

  /** What happened in order: "told OPS", "read", "closed", "waits". */
  private final List<String> events = new ArrayList<>();

  private boolean refuses;
  private Runnable onRead = () -> {};
  private IoHandler handler;
  private IoRegistration registration;

  @BeforeEach
  void registers() throws Exception {
    assumeTrue(Epoll.isAvailable());
    handler = new KeptEpoll(new FakeEpoll()).newHandler(new ThisThread());
    registration = handler.register(new Handle());
  }

  private void turn() {
    handler.run(null);
  }

  private void wants(EpollIoOps ops) {
    registration.submit(ops);
  }

  private static EpollIoOps reads() {
    return HANG_UP.with(EpollIoOps.EPOLLIN);
  }

  @Test
  void tellsOnce_whatASocketWaitsForAfterItsSetUp() {
    wants(HANG_UP);
    wants(reads());
    assertThat(events).isEmpty();
    turn();
    assertThat(events).containsExactly("read", "told " + reads().value(), "waits");
  }

  @Test
  void readsBeforeItWaits_onlyTheFirstTimeAndOnlyWhenItMay() {
    wants(HANG_UP);
    turn();
    wants(reads());
    turn();
    assertThat(events).doesNotContain("read");
  }

  @Test
  void tellsWhatTheFirstReadLeft() {
    onRead = () -> wants(HANG_UP);
    wants(reads());
    turn();
    assertThat(events).containsExactly("read", "told " + HANG_UP.value(), "waits");
  }

  @Test
  void tellsNothing_whenTheFirstReadClosedIt() {
    onRead = () -> registration.cancel();
    wants(reads());
    turn();
    assertThat(events).containsExactly("read", "waits");
  }

  @Test
  void tellsNothing_ofAPauseWithinATurn() {
    wants(HANG_UP);
    turn();
    wants(reads());
    wants(HANG_UP);
    turn();
    assertThat(events).containsExactly("told " + HANG_UP.value(), "waits", "waits");
  }

  @Test
  void staysInEpoll_whenItWaitsForNothing() {
    wants(HANG_UP);
    turn();
    wants(EpollIoOps.NONE);
    turn();
    assertThat(events).contains("told " + EpollIoOps.EPOLLET.value());
  }

  @Test
  void closesASocket_thatEpollRefuses() {
    refuses = true;
    wants(HANG_UP);
    turn();
    assertThat(events).containsExactly("closed", "waits");
  }

  private final class Handle implements IoHandle {
    @Override
    public void handle(IoRegistration of, IoEvent event) {
      assertThat(((EpollIoEvent) event).ops()).isEqualTo(EpollIoOps.EPOLLIN);
      events.add("read");
      onRead.run();
    }

    @Override
    public void close() {
      events.add("closed");
    }
  }

  private final class FakeEpoll implements IoHandlerFactory {
    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
      return new IoHandler() {
        @Override
        public int run(IoHandlerContext context) {
          events.add("waits");
          return 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
          return new FakeRegistration();
        }

        @Override
        public void wakeup() {}

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
          return true;
        }
      };
    }
  }

  private final class FakeRegistration implements IoRegistration {
    private boolean valid = true;

    @Override
    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"}) // Netty's signature
    public <T> T attachment() {
      return (T) this;
    }

    @Override
    public long submit(IoOps ops) {
      if (refuses) {
        throw new UncheckedIOException(new IOException("no"));
      }
      events.add("told " + ((EpollIoOps) ops).value());
      return 0;
    }

    @Override
    public boolean isValid() {
      return valid;
    }

    @Override
    public boolean cancel() {
      valid = false;
      return true;
    }
  }

  private static final class ThisThread implements ThreadAwareExecutor {
    @Override
    public boolean isExecutorThread(Thread thread) {
      return true;
    }

    @Override
    public void execute(Runnable task) {
      ImmediateEventExecutor.INSTANCE.execute(task);
    }
  }
}
