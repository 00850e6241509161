package dev.osprey.host.rehearsal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** One connection in memory: what came, what leaves. */
final class End {
  // Buffers of the same classes as those of event loops, or what gets compiled is not what runs.
  static final ByteBufAllocator ALLOC = PooledByteBufAllocator.DEFAULT;
  static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
  static final InetSocketAddress LOCAL =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

  final ByteBuf in = ALLOC.directBuffer();
  final ByteBuf out = ALLOC.directBuffer();
  boolean closed;
  boolean tunnel;
  int reports;

  /** Makes it a new connection. */
  void renew() {
    in.clear();
    closed = false;
    tunnel = false;
  }

  /** Takes what has left so far. */
  byte[] takeOut() {
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes).clear();
    return bytes;
  }

  void release() {
    in.release();
    out.release();
  }
}
