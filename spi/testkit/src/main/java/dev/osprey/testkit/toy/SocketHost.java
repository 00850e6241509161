package dev.osprey.testkit.toy;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.Codec;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.Reactions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries a codec over a blocking socket: one virtual thread reads; whoever calls, calls under the
 * lock. Enough for tests; what is written is flushed under the lock.
 */
final class SocketHost implements ServerCodecHost, ClientCodecHost {
  final ReentrantLock lock = new ReentrantLock();
  final Condition changed = lock.newCondition();

  private final Socket socket;
  private final Reactions reactions;
  private ByteBuf out = Unpooled.buffer();
  private final ByteBuf in = Unpooled.buffer();
  private @Nullable Codec codec;
  private boolean closed;

  SocketHost(Socket socket, Reactions reactions) {
    this.socket = socket;
    this.reactions = reactions;
  }

  void start(Codec started) {
    codec = started;
    Thread.ofVirtual().name("toymux-reader").start(this::readAll);
  }

  boolean isClosed() {
    return closed;
  }

  /** Calls the codec and sends what it wrote. */
  void call(Consumer<Codec> action) {
    lock.lock();
    try {
      Codec current = codec;
      if (!closed && current != null) {
        action.accept(current);
        flush();
      }
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  private void readAll() {
    byte[] chunk = new byte[4096];
    try {
      for (int n = socket.getInputStream().read(chunk);
          n >= 0;
          n = socket.getInputStream().read(chunk)) {
        int length = n;
        call(current -> decode(current, chunk, length));
      }
    } catch (IOException lost) {
      // The same as an end, for a test.
    }
    call(current -> current.endOfInput(in));
    shut(Reset.byHost(Reset.Reason.CONNECTION_LOST, "the connection ended"));
  }

  private void decode(Codec current, byte[] chunk, int length) {
    // Slices of an unpooled buffer may still be out: discard only by copying.
    in.writeBytes(chunk, 0, length);
    ByteBuf copy = Unpooled.copiedBuffer(in);
    Progress progress = Progress.AGAIN;
    while (progress == Progress.AGAIN && !closed) {
      progress = current.decode(copy);
    }
    in.clear();
    in.writeBytes(copy);
    copy.release();
  }

  private void flush() {
    try {
      socket.getOutputStream().write(ByteBufUtil.getBytes(out));
      out.clear();
    } catch (IOException lost) {
      out.clear();
    }
  }

  void shut(Reset why) {
    lock.lock();
    try {
      if (!closed) {
        flush();
        closed = true;
        reactions.closed(why);
        Codec current = codec;
        if (current != null) {
          current.closed();
        }
        socket.close();
      }
    } catch (IOException lost) {
      // It is closed either way.
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    reactions.request(stream, head, end);
  }

  @Override
  public void onBadRequest(int stream, @Nullable RequestHead head, LocalReply reply) {
    reactions.badRequest(stream, head, reply);
  }

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    reactions.response(stream, head, end);
  }

  @Override
  public void onData(int stream, @Owned ByteBuf data, boolean end) {
    int bytes = data.readableBytes();
    reactions.data(stream, data, end);
    Codec current = codec;
    if (!end && bytes > 0 && current != null) {
      current.credit(stream, bytes);
    }
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    reactions.trailers(stream, trailers);
  }

  @Override
  public void onReset(int stream, Reset reset) {
    reactions.reset(stream, reset);
  }

  @Override
  public void onGoodbye() {
    reactions.goodbye();
  }

  @Override
  public void onWritable() {
    reactions.writable();
  }

  @Override
  public ByteBuf out() {
    return out;
  }

  @Override
  public void write(@Owned ByteBuf data) {
    out.writeBytes(data);
    data.release();
  }

  @Override
  public void close(Reset why) {
    // Not under the codec's feet: its closed() must not be called from inside one of its calls.
    flush();
    try {
      socket.shutdownOutput();
    } catch (IOException lost) {
      // Then the reader ends as well.
    }
  }

  @Override
  public void becomeTunnel(int stream) {
    throw new UnsupportedOperationException("ToyMux has no tunnels");
  }

  @Override
  public ByteBufAllocator alloc() {
    return UnpooledByteBufAllocator.DEFAULT;
  }

  @Override
  public SocketAddress peer() {
    return socket.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress local() {
    return socket.getLocalSocketAddress();
  }

  @Override
  public boolean isSecure() {
    return false;
  }
}
