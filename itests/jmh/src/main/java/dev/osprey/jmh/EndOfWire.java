package dev.osprey.jmh;

import dev.osprey.host.loop.Conduit;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A socket whose peer takes everything at once; counts the bytes. */
final class EndOfWire implements Conduit {
  private final SocketAddress address =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
  private long taken;

  /** Bytes so far. */
  long taken() {
    return taken;
  }

  @Override
  public void reading(boolean on) {}

  @Override
  public void write(ByteBuf data) {
    taken += data.readableBytes();
    data.release();
  }

  @Override
  public void flush() {}

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public long queuedBytes() {
    return 0;
  }

  @Override
  public void endOutput() {}

  @Override
  public void closeAfterQueue() {}

  @Override
  public void close() {}

  @Override
  public void reset() {}

  @Override
  public SocketAddress peer() {
    return address;
  }

  @Override
  public SocketAddress local() {
    return address;
  }
}
