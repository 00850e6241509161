package dev.osprey.host.loop;

import dev.osprey.spi.Owned;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;

/**
 * The socket under a {@link Wire}: what differs between the I/O models, and nothing else. All calls
 * are on the strand and none of them blocks.
 */
public interface Conduit {
  /** Stops or resumes reading from the socket. */
  void reading(boolean on);

  /** Queues bytes behind what is queued. */
  void write(@Owned ByteBuf data);

  /** Starts to send what is queued. */
  void flush();

  /** False from the moment when more is queued than the limit until half of it is. */
  boolean isWritable();

  /** Lowers the limit of queued output to that many bytes, or gives the conduit its own again. */
  default void room(int bytes) {}

  /** What is queued and has not left, in bytes. */
  long queuedBytes();

  /** Ends our direction once all that is queued has left; starts to send. */
  void endOutput();

  /** Closes once all that is queued has left; starts to send. */
  void closeAfterQueue();

  /** Closes at once; what is queued is lost. */
  void close();

  /**
   * Closes as soon as was tried to send what was flushed before in the same call; a conduit whose
   * {@link #flush} tries it at once closes at once.
   */
  default void closeFlushed() {
    close();
  }

  /**
   * Sends what is queued as far as the peer takes it now, then closes so that the peer sees a
   * reset.
   */
  void reset();

  /** The other end. */
  SocketAddress peer();

  /** This end. */
  SocketAddress local();
}
