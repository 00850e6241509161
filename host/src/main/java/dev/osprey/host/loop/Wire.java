package dev.osprey.host.loop;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A socket as its connection sees it: the one handler in the Netty pipeline. Keeps what is not read
 * yet, gathers what is to be sent into one write per loop turn, pauses and resumes reading, and
 * closes politely. Everything runs on the loop.
 */
@SuppressWarnings("ReferenceEquality") // the very same buffer is meant
public final class Wire extends ChannelInboundHandlerAdapter {
  private static final int OUT_BYTES = 1024;
  private static final int COPY_LIMIT = 2048;
  private static final int OUT_LIMIT = 16 * 1024;
  private static final long LINGER_NANOS = 1_000_000_000L;
  private static final Reset LOST = Reset.byHost(Reset.Reason.CONNECTION_LOST, "connection closed");

  private final Loop loop;
  private final Channel channel;
  private WireOwner owner;
  private @Nullable ByteBuf unread;
  private @Nullable ByteBuf out;
  private @Nullable ByteBuf lastWritten;
  private Wheel.@Nullable Timer linger;
  private boolean dirty;
  private boolean reading = true;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean closing;
  private boolean closed;
  private Reset why = LOST;

  /** A wire for a registered channel; add it to the channel's pipeline. */
  public Wire(Loop loop, Channel channel, WireOwner owner) {
    this.loop = loop;
    this.channel = channel;
    this.owner = owner;
  }

  /** The loop it lives on. */
  public Loop loop() {
    return loop;
  }

  /** Hands the wire to another owner (a pooled connection that becomes a pair, for example). */
  public void owner(WireOwner next) {
    owner = next;
  }

  // ---- reading

  /** What has come and is not consumed; null for nothing. The caller moves the reader index. */
  public @Borrowed @Nullable ByteBuf unread() {
    return unread;
  }

  /** True when bytes wait to be consumed. */
  public boolean hasUnread() {
    return unread != null && unread.isReadable();
  }

  /** Takes all unread bytes away; null for nothing. */
  public @Owned @Nullable ByteBuf takeUnread() {
    ByteBuf taken = unread;
    unread = null;
    if (taken != null && !taken.isReadable()) {
      taken.release();
      return null;
    }
    return taken;
  }

  /** Gives the buffer back when all of it was consumed. */
  public void trimUnread() {
    if (unread != null && !unread.isReadable()) {
      unread.release();
      unread = null;
    }
  }

  /** Stops or resumes reading from the socket. */
  public void reading(boolean on) {
    // After its end there is nothing to read, and Netty no longer watches for it.
    if (reading != on && !closing && !inputEnded) {
      reading = on;
      channel.config().setAutoRead(on);
    }
  }

  /** True when the peer has ended its direction. */
  public boolean isInputEnded() {
    return inputEnded;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    loop.touch();
    ByteBuf data = (ByteBuf) message;
    if (closing) {
      data.release();
      return;
    }
    keep(data);
    owner.bytes();
    trimUnread();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    loop.flushDirty();
  }

  private void keep(@Owned ByteBuf data) {
    ByteBuf kept = unread;
    if (kept == null || !kept.isReadable()) {
      trimUnread();
      unread = data;
      return;
    }
    int more = data.readableBytes();
    if (kept.writableBytes() < more || kept.refCnt() > 1) {
      ByteBuf larger = loop.allocator().directBuffer(grown(kept.readableBytes() + more));
      larger.writeBytes(kept);
      kept.release();
      unread = kept = larger;
    }
    kept.writeBytes(data);
    data.release();
  }

  private static int grown(int needed) {
    return Math.max(1024, Integer.highestOneBit(needed) << 1);
  }

  // ---- writing

  /** The buffer to append small output to. */
  public @Borrowed ByteBuf out() {
    ByteBuf buffer = out;
    if (buffer != null && buffer.readableBytes() > OUT_LIMIT) {
      pushOut();
      buffer = null;
    }
    if (buffer == null) {
      out = buffer = loop.allocator().directBuffer(OUT_BYTES);
      markDirty();
    }
    return buffer;
  }

  /** Writes behind what was appended; small buffers are copied so that one write carries both. */
  public void write(@Owned ByteBuf data) {
    int length = data.readableBytes();
    if (length == 0 || closed || outputEnded) {
      data.release();
      return;
    }
    ByteBuf buffer = out;
    if (buffer != null && length <= COPY_LIMIT) {
      buffer.writeBytes(data);
      data.release();
      return;
    }
    pushOut();
    markDirty();
    lastWritten = data;
    var _ = channel.write(data, channel.voidPromise());
  }

  /**
   * True when this very buffer was the last one taken by {@link #write} and may be queued still.
   */
  public boolean holds(ByteBuf data) {
    return lastWritten == data;
  }

  /** False when queued output has reached the limit; {@code writable} follows. */
  public boolean isWritable() {
    return channel.isWritable();
  }

  /** Sends what is queued; called once per event by the loop. */
  void flushNow() {
    dirty = false;
    pushOut();
    lastWritten = null;
    if (!closed) {
      channel.flush();
    }
  }

  /** Ends our direction after all that was written has left; the other goes on. */
  public void endOutput() {
    if (outputEnded || closed) {
      return;
    }
    sendEnd();
    if (inputEnded) {
      closeSoon();
    }
  }

  private void shutDown() {
    var _ = ((DuplexChannel) channel).shutdownOutput();
  }

  private void sendEnd() {
    pushOut();
    outputEnded = true;
    var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> shutDown());
  }

  private void pushOut() {
    ByteBuf buffer = out;
    if (buffer != null) {
      out = null;
      if (closed || outputEnded) {
        buffer.release();
      } else {
        var _ = channel.write(buffer, channel.voidPromise());
      }
    }
  }

  private void markDirty() {
    if (!dirty) {
      dirty = true;
      loop.markDirty(this);
    }
  }

  // ---- closing

  /**
   * Sends what was written, ends our direction, then reads and drops what the peer still sends for
   * a bounded time, so that it gets the answer and no reset in its place.
   */
  public void closeAfterFlush(Reset reason) {
    if (closing || closed) {
      return;
    }
    reading(true);
    closing = true;
    why = reason;
    dropUnread();
    if (!outputEnded) {
      sendEnd();
    }
    if (inputEnded) {
      closeSoon();
    } else {
      linger = new Wheel.Timer(_ -> lingered());
      loop.wheel().ensure(linger, loop.now() + LINGER_NANOS, loop.now());
    }
  }

  /** Closes at once; what was written and not sent is lost. */
  public void abort(Reset reason) {
    if (!closed) {
      why = reason;
      closing = true;
      closeNow();
    }
  }

  /** Sends what was written, then closes so that the peer sees a reset, not an orderly end. */
  public void reset(Reset reason) {
    if (!closed) {
      flushNow();
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      abort(reason);
    }
  }

  /** True once it was told to close. */
  public boolean isClosing() {
    return closing || closed;
  }

  private void closeSoon() {
    var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> closeNow());
  }

  private long lingered() {
    closeNow();
    return Wheel.Expiry.NEVER;
  }

  private void closeNow() {
    var _ = channel.close();
  }

  private void dropUnread() {
    ByteBuf kept = unread;
    unread = null;
    if (kept != null) {
      kept.release();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent && !inputEnded) {
      loop.touch();
      inputEnded = true;
      if (closing) {
        closeSoon();
      } else {
        owner.inputEnded();
        if (outputEnded) {
          closeSoon();
        }
      }
      loop.flushDirty();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable() && !closing) {
      loop.touch();
      owner.writable();
      markDirtyLater();
    }
  }

  // The change may come from inside a flush; what it causes to be written is sent by a task.
  private void markDirtyLater() {
    loop.eventLoop().execute(loop::flushDirty);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (closed) {
      return;
    }
    loop.touch();
    closed = true;
    if (linger != null) {
      loop.wheel().cancel(linger);
    }
    dropUnread();
    ByteBuf buffer = out;
    out = null;
    if (buffer != null) {
      buffer.release();
    }
    owner.closed(why);
    loop.flushDirty();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    String text = cause instanceof IOException ? cause.getMessage() : cause.toString();
    abort(Reset.byHost(Reset.Reason.CONNECTION_LOST, String.valueOf(text)));
  }

  /** The other end. */
  public SocketAddress peer() {
    SocketAddress address = channel.remoteAddress();
    return address == null ? channel.localAddress() : address;
  }

  /** This end. */
  public SocketAddress local() {
    return channel.localAddress();
  }
}
