package dev.osprey.host.stream;

import dev.osprey.host.loop.Conduit;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A socket that takes all; counts how often it is told to send, and what is left unsent. */
final class TestConduit implements Conduit {
  private final SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  boolean writable = true;
  boolean reading = true;
  boolean closed;
  int sends;
  int queued;
  int sent;

  @Override
  public void reading(boolean on) {
    reading = on;
  }

  @Override
  public void write(ByteBuf data) {
    queued += data.readableBytes();
    data.release();
  }

  @Override
  public void flush() {
    if (queued > 0) {
      sends++;
      sent += queued;
      queued = 0;
    }
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public long queuedBytes() {
    return queued;
  }

  @Override
  public void endOutput() {
    flush();
  }

  @Override
  public void closeAfterQueue() {
    flush();
    closed = true;
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public void reset() {
    closed = true;
  }

  @Override
  public SocketAddress peer() {
    return address;
  }

  @Override
  public SocketAddress local() {
    return address;
  }
}
