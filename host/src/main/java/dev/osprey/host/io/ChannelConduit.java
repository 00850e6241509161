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
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty channel under a wire: the one handler in its pipeline. Everything runs on its loop.
 *
 * <p>Most turns write one buffer to a socket that takes all of it. With epoll that one is sent
 * right away, past Netty's pipeline and queue; whatever else there is to send goes through them: a
 * second buffer of the same turn, what the socket does not take, and all that is written while
 * anything is queued. So a buffer is held here only while Netty's queue is empty.
 */
final class ChannelConduit extends ChannelInboundHandlerAdapter implements Conduit {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelConduit.class);

  private final Loop loop;
  private final Channel channel;
  private final Wire wire;
  private final @Nullable Socket socket;
  private ReadSizes.@Nullable Sizes sizes;
  private @Nullable ByteBuf held;
  private final int ownRoom;
  // Kept here, for Netty's marks are two objects away from each write.
  private int room;

  /** For a registered channel that has its marks; add it to the channel's pipeline. */
  ChannelConduit(Loop loop, Channel channel, WireOwner owner) {
    this.loop = loop;
    this.channel = channel;
    this.wire = new Wire(loop, this, owner);
    this.ownRoom = channel.config().getWriteBufferHighWaterMark();
    this.room = ownRoom;
    this.socket = channel instanceof EpollSocketChannel epoll ? (Socket) epoll.fd() : null;
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
    if (held == null && mayBeHeld(data)) {
      held = data;
    } else {
      queueHeld();
      queue(data);
    }
  }

  /** Larger ones than the limit are left to Netty, which tells when they have left. */
  private boolean mayBeHeld(ByteBuf data) {
    return socket != null
        && channel.isActive()
        && (data.hasMemoryAddress() || (data.isDirect() && data.nioBufferCount() == 1))
        && isQueueEmpty()
        && data.readableBytes() <= room;
  }

  private boolean isQueueEmpty() {
    var queue = channel.unsafe().outboundBuffer();
    return queue != null && queue.totalPendingWriteBytes() == 0;
  }

  private void queueHeld() {
    ByteBuf data = held;
    if (data != null) {
      held = null;
      queue(data);
    }
  }

  private void queue(@Owned ByteBuf data) {
    var _ = channel.write(data, channel.voidPromise());
  }

  @Override
  public void flush() {
    ByteBuf data = held;
    if (socket == null || data == null || !channel.isActive()) {
      queueHeld();
      channel.flush();
      return;
    }
    held = null;
    try {
      send(socket, data);
    } catch (IOException failure) {
      data.release();
      failed(failure);
    }
  }

  private void send(Socket open, @Owned ByteBuf data) throws IOException {
    int sent = taken(open, data);
    if (sent == data.readableBytes()) {
      data.release();
    } else {
      queue(data.skipBytes(sent));
      channel.flush();
    }
  }

  /**
   * Offers it to the socket, the way Netty does; returns how many bytes that took, without waiting.
   */
  private static int taken(Socket open, ByteBuf data) throws IOException {
    if (data.hasMemoryAddress()) {
      return open.sendAddress(data.memoryAddress(), data.readerIndex(), data.writerIndex());
    }
    ByteBuffer bytes = data.internalNioBuffer(data.readerIndex(), data.readableBytes());
    return open.send(bytes, bytes.position(), bytes.limit());
  }

  private void dropHeld() {
    ByteBuf data = held;
    if (data != null) {
      held = null;
      data.release();
    }
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void room(int bytes) {
    room = Math.min(ownRoom, bytes);
    channel.config().setWriteBufferWaterMark(Sockets.marks(room));
  }

  @Override
  public long queuedBytes() {
    if (held != null) {
      return held.readableBytes();
    }
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
    flush();
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
    dropHeld();
    if (socket != null) {
      closeDescriptor(socket);
    }
    var _ = channel.close();
  }

  // Netty finds it closed, so it neither asks for SO_LINGER nor takes it out of epoll, which the
  // kernel has done: two system calls less.
  private static void closeDescriptor(Socket open) {
    try {
      open.close();
    } catch (IOException failure) {
      LOG.debug("closing a socket: {}", failure.getMessage());
    }
  }

  @Override
  public void reset() {
    flush();
    // Sending may have found it broken and closed it; its number may be another socket's by now.
    if (socket == null ? channel.isOpen() : socket.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      close();
    }
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
    ShortRead.isReadBy(this);
    take((ByteBuf) message);
  }

  private void take(@Owned ByteBuf data) {
    loop.touch();
    wire.received(ReadSizes.fitting(loop.allocator(), data));
  }

  /**
   * Reads once from a socket that has bytes, past Netty's pipeline.
   *
   * @return false when there were none: its end, for example, which is left to Netty
   */
  boolean read() {
    Socket open = socket;
    ReadSizes.Sizes known = sizes();
    if (open == null || known == null || !channel.isActive() || !channel.config().isAutoRead()) {
      return false;
    }
    int size = known.guess();
    ByteBuf data = loop.forRead(size);
    try {
      int count = brought(open, data, size);
      if (count <= 0) {
        data.release();
        return count == 0;
      }
      known.brought(count, size);
      data.writerIndex(count);
    } catch (IOException failure) {
      data.release();
      failed(failure);
      loop.flushDirty();
      return true;
    }
    takeFenced(data);
    return true;
  }

  // Netty's pipeline would do so: the loop has other connections.
  private void takeFenced(@Owned ByteBuf data) {
    try {
      take(data);
      loop.flushDirty();
    } catch (RuntimeException | Error failure) {
      failed(failure);
      loop.flushDirty();
    }
  }

  private ReadSizes.@Nullable Sizes sizes() {
    if (sizes == null && channel.config().getRecvByteBufAllocator() instanceof ReadSizes ours) {
      sizes = ours.forSocket();
    }
    return sizes;
  }

  /** Takes what the socket has, the way Netty does; 0 for nothing, -1 at its end. */
  private static int brought(Socket open, ByteBuf data, int size) throws IOException {
    if (data.hasMemoryAddress()) {
      return open.recvAddress(data.memoryAddress(), 0, size);
    }
    ByteBuffer bytes = data.internalNioBuffer(0, size);
    return open.recv(bytes, bytes.position(), bytes.limit());
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
    dropHeld();
    wire.gone();
    loop.flushDirty();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failed(cause);
  }

  private void failed(Throwable cause) {
    String text = cause instanceof IOException ? cause.getMessage() : cause.toString();
    wire.failed(String.valueOf(text));
  }
}
