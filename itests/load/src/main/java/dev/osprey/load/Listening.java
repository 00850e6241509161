package dev.osprey.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A listening socket of a {@link Loop}; closing it leaves accepted connections alone. */
public final class Listening implements AutoCloseable {
  private final Loop loop;
  private final ServerSocketChannel channel;
  private final Supplier<? extends WireHandler> handlers;
  private long acceptErrors;

  Listening(Loop loop, ServerSocketChannel channel, Supplier<? extends WireHandler> handlers) {
    this.loop = loop;
    this.channel = channel;
    this.handlers = handlers;
  }

  /** The loopback address it listens on. */
  public InetSocketAddress address() {
    try {
      return (InetSocketAddress) channel.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often accepting failed, for want of descriptors say. */
  public long acceptErrors() {
    return loop.call(() -> acceptErrors);
  }

  /** Stops listening. */
  @Override
  public void close() {
    loop.execute(this::closeNow);
  }

  @Nullable SocketChannel accept() throws IOException {
    return channel.accept();
  }

  WireHandler newHandler() {
    return handlers.get();
  }

  void refused(IOException cause) {
    acceptErrors++;
  }

  private void closeNow() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
