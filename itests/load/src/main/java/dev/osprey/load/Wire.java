package dev.osprey.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One non-blocking connection. Writes are gathered and leave once per loop turn.
 *
 * <p>Every method must be called on the loop's thread.
 */
public final class Wire {
  private static final int FIRST_BYTES = 2048;

  private enum Closing {
    NO,
    AFTER_FLUSH,
    DONE
  }

  private final Loop loop;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final WireHandler handler;
  private byte[] out = new byte[FIRST_BYTES];
  private ByteBuffer outView = ByteBuffer.wrap(out);
  private int readLimit = Integer.MAX_VALUE;
  private int outFrom;
  private int outTo;
  private boolean dirty;
  private boolean finWanted;
  private boolean finSent;
  private boolean readPaused;
  private boolean readEnded;
  private Closing closing = Closing.NO;

  Wire(Loop loop, SocketChannel channel, SelectionKey key, WireHandler handler) {
    this.loop = loop;
    this.channel = channel;
    this.key = key;
    this.handler = handler;
  }

  /** The loop that owns this connection. */
  public Loop loop() {
    return loop;
  }

  /** Whether neither side has closed the whole connection. */
  public boolean isOpen() {
    return closing == Closing.NO;
  }

  /** Whether this side has sent, or promised to send, its FIN. */
  public boolean isOutputEnded() {
    return finWanted || closing != Closing.NO;
  }

  /** Bytes written but not yet taken by the kernel. */
  public int pending() {
    return outTo - outFrom;
  }

  /** Queues bytes; they are copied. Ignored after a close or a FIN of this side. */
  public void write(byte[] bytes, int from, int length) {
    if (closing != Closing.NO || finWanted) {
      return;
    }
    reserve(length);
    System.arraycopy(bytes, from, out, outTo, length);
    outTo += length;
    markDirty();
  }

  /** Queues all bytes of an array. */
  public void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  /** Sends FIN after everything queued; reading goes on. */
  public void shutdownOutput() {
    finWanted = true;
    markDirty();
  }

  /** Closes after everything queued has left. */
  public void close() {
    if (closing == Closing.NO) {
      closing = Closing.AFTER_FLUSH;
      markDirty();
    }
  }

  /** Closes at once with RST; queued bytes are lost. */
  public void reset() {
    if (closing == Closing.DONE) {
      return;
    }
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // The socket is gone already, which is all a reset wants.
    }
    closeNow();
  }

  /** Reads at most so many bytes at a time, for readers that are meant to be slow. */
  public void readLimit(int bytes) {
    readLimit = bytes;
  }

  /** Stops reading, so that the kernel's window closes. */
  public void pauseReads() {
    readPaused = true;
    updateInterest();
  }

  /** Takes up reading again. */
  public void resumeReads() {
    readPaused = false;
    updateInterest();
  }

  /** Limits the kernel's receive buffer, so that a paused reader is felt soon by the sender. */
  public void receiveBufferBytes(int bytes) {
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, bytes);
    } catch (IOException e) {
      fail(e);
    }
  }

  void opened() {
    handler.connected(this);
  }

  void startConnect(InetSocketAddress target) throws IOException {
    if (channel.connect(target)) {
      connectDone();
    } else {
      key.interestOps(SelectionKey.OP_CONNECT);
    }
  }

  void finishConnect() {
    try {
      channel.finishConnect();
      connectDone();
    } catch (IOException e) {
      fail(e);
    }
  }

  void readNow(ByteBuffer buffer, byte[] bytes) {
    if (!key.isValid() || readPaused) {
      return;
    }
    buffer.clear().limit(Math.min(readLimit, bytes.length));
    int count;
    try {
      count = channel.read(buffer);
    } catch (IOException e) {
      fail(e);
      return;
    }
    if (count < 0) {
      readEnded = true;
      updateInterest();
    }
    if (closing == Closing.NO) {
      deliver(bytes, count);
    }
  }

  void flush() {
    dirty = false;
    if (closing == Closing.DONE || channel.isConnectionPending()) {
      return;
    }
    boolean wrote = outFrom < outTo;
    try {
      if (wrote) {
        writeOut();
      }
      if (outFrom == outTo) {
        endOutput();
      }
    } catch (IOException e) {
      fail(e);
      return;
    }
    if (closing != Closing.DONE) {
      updateInterest();
      if (wrote && outFrom == outTo) {
        handler.drained(this);
      }
    }
  }

  void fail(IOException cause) {
    if (closing == Closing.DONE) {
      return;
    }
    boolean wanted = closing == Closing.AFTER_FLUSH;
    closeNow();
    if (!wanted) {
      handler.failed(this, cause);
    }
  }

  private void deliver(byte[] bytes, int count) {
    if (count > 0) {
      handler.read(this, bytes, 0, count);
    } else if (count < 0) {
      handler.ended(this);
    }
  }

  private void connectDone() {
    updateInterest();
    handler.connected(this);
  }

  private void writeOut() throws IOException {
    outView.limit(outTo).position(outFrom);
    channel.write(outView);
    outFrom = outView.position();
    if (outFrom == outTo) {
      outFrom = 0;
      outTo = 0;
    }
  }

  private void endOutput() throws IOException {
    if (closing == Closing.AFTER_FLUSH) {
      closeNow();
    } else if (finWanted && !finSent) {
      finSent = true;
      channel.shutdownOutput();
    }
  }

  private void closeNow() {
    closing = Closing.DONE;
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing is left to be saved on a socket that fails to close.
    }
  }

  private void markDirty() {
    if (!dirty && closing != Closing.DONE) {
      dirty = true;
      loop.markDirty(this);
    }
  }

  private void updateInterest() {
    if (!key.isValid()) {
      return;
    }
    int ops = readPaused || readEnded ? 0 : SelectionKey.OP_READ;
    if (outFrom < outTo) {
      ops |= SelectionKey.OP_WRITE;
    }
    if (key.interestOps() != ops) {
      key.interestOps(ops);
    }
  }

  private void reserve(int length) {
    if (outTo + length <= out.length) {
      return;
    }
    int pending = outTo - outFrom;
    if (pending + length <= out.length) {
      System.arraycopy(out, outFrom, out, 0, pending);
    } else {
      byte[] larger = new byte[Integer.highestOneBit(pending + length) * 2];
      System.arraycopy(out, outFrom, larger, 0, pending);
      out = larger;
      outView = ByteBuffer.wrap(out);
    }
    outFrom = 0;
    outTo = pending;
  }
}
