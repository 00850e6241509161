package dev.osprey.host.io;

import dev.osprey.host.loop.Conduit;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.spi.Owned;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Netty channel under a wire: the one handler in its pipeline. Everything runs on its loop. */
final class ChannelConduit extends ChannelInboundHandlerAdapter implements Conduit {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelConduit.class);

  private final Loop loop;
  private final Channel channel;
  private final Wire wire;

  /** For a registered channel; add it to the channel's pipeline. */
  ChannelConduit(Loop loop, Channel channel, WireOwner owner) {
    this.loop = loop;
    this.channel = channel;
    this.wire = new Wire(loop, this, owner);
  }

  Wire wire() {
    return wire;
  }

  /** Said here, so that Netty does not look it up for each connection. */
  @Override
  public boolean isSharable() {
    return false;
  }

  // ---- what the wire asks for

  @Override
  public void reading(boolean on) {
    channel.config().setAutoRead(on);
  }

  @Override
  public void write(@Owned ByteBuf data) {
    var _ = channel.write(data, channel.voidPromise());
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public long queuedBytes() {
    var queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  @Override
  public void endOutput() {
    if (hasSentAll()) {
      shutDown();
    } else {
      var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shutDown());
    }
  }

  /** Sends; true when nothing is queued behind it. An empty write behind it would cost a call. */
  private boolean hasSentAll() {
    channel.flush();
    var queue = channel.unsafe().outboundBuffer();
    return queue == null || (queue.isEmpty() && queue.totalPendingWriteBytes() == 0);
  }

  private void shutDown() {
    var _ = ((DuplexChannel) channel).shutdownOutput();
  }

  @Override
  public void closeAfterQueue() {
    if (hasSentAll()) {
      close();
    } else {
      var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> close());
    }
  }

  @Override
  public void close() {
    if (channel instanceof EpollSocketChannel socket) {
      closeDescriptor(socket);
    }
    var _ = channel.close();
  }

  // Netty finds it closed, so it neither asks for SO_LINGER nor takes it out of epoll, which the
  // kernel has done: two system calls less.
  private static void closeDescriptor(EpollSocketChannel socket) {
    try {
      socket.fd().close();
    } catch (IOException failure) {
      LOG.debug("closing a socket: {}", failure.getMessage());
    }
  }

  @Override
  public void reset() {
    channel.flush();
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    close();
  }

  @Override
  public SocketAddress peer() {
    SocketAddress address = channel.remoteAddress();
    return address == null ? channel.localAddress() : address;
  }

  @Override
  public SocketAddress local() {
    return channel.localAddress();
  }

  // ---- what Netty tells

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    loop.touch();
    wire.received((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    loop.flushDirty();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      loop.touch();
      wire.endReceived();
      loop.flushDirty();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      loop.touch();
      wire.drained();
      // The change may come from inside a flush; what it causes to be written is sent by a task.
      channel.eventLoop().execute(loop::flushDirty);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.touch();
    wire.gone();
    loop.flushDirty();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    String text = cause instanceof IOException ? cause.getMessage() : cause.toString();
    wire.failed(String.valueOf(text));
  }
}
