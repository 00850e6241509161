package dev.osprey.host.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a connection's threads throw ends their connection; it never just hangs. */
class BrokenThreadsTest {
  private final AtomicReference<@Nullable Wire> wire = new AtomicReference<>();
  private final CompletableFuture<Reset> closed = new CompletableFuture<>();
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicBoolean writesAnError = new AtomicBoolean();
  private final AtomicBoolean echoes = new AtomicBoolean();
  private final Set<Long> threads = ConcurrentHashMap.newKeySet();

  @Test
  void theConnectionEnds_whenThereIsNoMemoryForWhatCame() throws Exception {
    try (Socket client = connect(new NoMemory())) {
      client.getOutputStream().write(new byte[10]);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    await().dontCatchUncaughtExceptions().until(closed::isDone);
    assertThat(closed.join().detail()).isEqualTo("no memory for what has come: none, for a test");
  }

  @Test
  void theConnectionEnds_whenAWriteThrows() throws Exception {
    writesAnError.set(true);
    try (Socket client = connect(UnpooledByteBufAllocator.DEFAULT)) {
      client.getOutputStream().write(new byte[10]);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    await().dontCatchUncaughtExceptions().until(closed::isDone);
    assertThat(closed.join().detail()).isEqualTo("the host has failed");
  }

  @Test
  void aSocketIsClosed_whoseOptionsCanNotBeSet() {
    Unwilling channel = new Unwilling();
    new Accepted(shard(UnpooledByteBufAllocator.DEFAULT), channel, "test", _ -> {}).run();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aSocketIsClosed_whenItsConnectionCanNotBeMade() throws Exception {
    try (Socket client =
        connect(
            UnpooledByteBufAllocator.DEFAULT,
            make -> {
              var _ = make.apply(1).apply(new Owner());
              throw new IllegalStateException("a test");
            })) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    await().dontCatchUncaughtExceptions().until(closed::isDone);
  }

  @Test
  void allOfAMessageComes_thatIsLargerThanOneRead() throws Exception {
    byte[] message = new byte[3 * 1024 * 1024];
    try (Socket client = connect(UnpooledByteBufAllocator.DEFAULT)) {
      client.getOutputStream().write(message);
      await().dontCatchUncaughtExceptions().until(() -> received.get() == message.length);
      client.getOutputStream().write(message, 0, 512);
      await().dontCatchUncaughtExceptions().until(() -> received.get() == message.length + 512);
    }
    await().dontCatchUncaughtExceptions().until(closed::isDone);
  }

  @Test
  void aLongConnectionGoesOnInFreshThreads_andLosesNothing() throws Exception {
    echoes.set(true);
    try (Socket client = connect(UnpooledByteBufAllocator.DEFAULT)) {
      for (int i = 0; i < 3_000; i++) {
        client.getOutputStream().write(i & 0x7f);
        assertThat(client.getInputStream().read()).isEqualTo(i & 0x7f);
      }
    }
    await().dontCatchUncaughtExceptions().until(closed::isDone);
    assertThat(threads).hasSize(3);
  }

  private Socket connect(ByteBufAllocator allocator) throws IOException {
    return connect(allocator, make -> wire.set(make.apply(1024).apply(new Owner())));
  }

  private static Socket connect(ByteBufAllocator allocator, Accepted.Greeting greeting)
      throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Socket client = new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
      client.setSoTimeout(10_000);
      SocketChannel channel = server.accept();
      var _ =
          Thread.ofVirtual()
              .name("test-connection")
              .start(new Accepted(shard(allocator), channel, "test", greeting));
      return client;
    }
  }

  private static Shard shard(ByteBufAllocator allocator) {
    return new Shards(0, 1, allocator).all().getFirst();
  }

  private final class Owner implements WireOwner {
    @Override
    public void bytes() {
      Wire mine = wire.get();
      ByteBuf data = mine == null ? null : mine.takeUnread();
      if (data != null) {
        threads.add(Thread.currentThread().threadId());
        received.addAndGet(data.readableBytes());
        if (mine != null && echoes.get()) {
          mine.write(data);
          return;
        }
        data.release();
      }
      if (mine != null && writesAnError.get()) {
        mine.write(new Unsendable());
      }
    }

    @Override
    public void inputEnded() {
      Wire mine = wire.get();
      if (mine != null) {
        mine.abort(Reset.byHost(Reset.Reason.CANCELLED, "ended"));
      }
    }

    @Override
    public void writable() {}

    @Override
    public void closed(Reset why) {
      closed.complete(why);
    }
  }

  /** A buffer that throws while it is written. */
  private static final class Unsendable extends UnpooledHeapByteBuf {
    Unsendable() {
      super(UnpooledByteBufAllocator.DEFAULT, 3000, 3000);
      writerIndex(3000);
    }

    @Override
    public ByteBuffer nioBuffer(int index, int length) {
      throw new OutOfMemoryError("none, for a test");
    }
  }

  /** An allocator that has nothing. */
  private static final class NoMemory extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      throw new OutOfMemoryError("none, for a test");
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      throw new OutOfMemoryError("none, for a test");
    }

    @Override
    public CompositeByteBuf compositeBuffer(int maxNumComponents) {
      throw new OutOfMemoryError("none, for a test");
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  /** A socket that fails at once. */
  private static final class Unwilling extends SocketChannel {
    Unwilling() {
      super(SelectorProvider.provider());
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
      throw new IOException("a test");
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
      return Set.of();
    }

    @Override
    public SocketChannel shutdownInput() {
      return this;
    }

    @Override
    public SocketChannel shutdownOutput() {
      return this;
    }

    @Override
    public Socket socket() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public boolean isConnectionPending() {
      return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean finishConnect() {
      return true;
    }

    @Override
    public SocketAddress getRemoteAddress() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target) {
      return -1;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
      return -1;
    }

    @Override
    public int write(ByteBuffer source) {
      return 0;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      return 0;
    }

    @Override
    public SocketAddress getLocalAddress() {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}
  }
}
