package dev.osprey.codec.http1;

import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One connection in a test: unread input, collected output, and how it ended. */
abstract class Wire implements CodecHost {
  /** Without leak detection by sampling: {@link #release} counts references itself. */
  private static final ByteBufAllocator ALLOC = new UnpooledByteBufAllocator(false, true);

  final ByteBuf in = ALLOC.buffer();
  final ByteBuf out = ALLOC.buffer();
  @Nullable Reset closed;
  boolean waited = true;
  boolean tunnel;
  int writes;

  String output() {
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  String takeOutput() {
    String text = output();
    out.clear();
    return text;
  }

  void receive(String bytes) {
    in.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  void release() {
    if (in.refCnt() != 1 || out.refCnt() != 1) {
      throw new AssertionError("leak: in " + in.refCnt() + ", out " + out.refCnt());
    }
    in.release();
    out.release();
  }

  @Override
  public ByteBuf out() {
    return out;
  }

  @Override
  public void write(ByteBuf data) {
    writes++;
    out.writeBytes(data);
    data.release();
  }

  @Override
  public void close(Reset why) {
    if (closed != null) {
      throw new AssertionError("closed twice: " + closed + " and " + why);
    }
    closed = why;
  }

  @Override
  public void closeWithoutWaiting(Reset why) {
    close(why);
    waited = false;
  }

  @Override
  public void becomeTunnel(int stream) {
    tunnel = true;
  }

  @Override
  public void onGoodbye() {}

  @Override
  public void onWritable() {}

  @Override
  public ByteBufAllocator alloc() {
    return ALLOC;
  }

  @Override
  public SocketAddress peer() {
    return new InetSocketAddress("192.0.2.7", 4711);
  }

  @Override
  public SocketAddress local() {
    return new InetSocketAddress("192.0.2.1", 80);
  }

  @Override
  public boolean isSecure() {
    return false;
  }
}
