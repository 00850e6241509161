package dev.osprey.host.stream;

import dev.osprey.host.loop.Conduit;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A socket that takes all; counts how often it is told to send, and what is left unsent. */
final class TestConduit implements Conduit {
  private final SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
  boolean writable = true;
  boolean reading = true;
  boolean stuck;
  boolean closed;
  private final List<ByteBuf> waiting = new ArrayList<>();
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
    if (stuck) {
      waiting.add(data);
    } else {
      data.release();
    }
  }

  @Override
  public void flush() {
    if (queued > 0 && !stuck) {
      sends++;
      sent += queued;
      queued = 0;
      waiting.forEach(ByteBuf::release);
      waiting.clear();
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
