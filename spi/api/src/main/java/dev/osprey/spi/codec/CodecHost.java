package dev.osprey.spi.codec;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.Runs;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A connection as its codec sees it: where messages are reported and bytes are written. The same
 * host serves all codec instances that a connection has in its life.
 *
 * <p>Reports may call back into the codec's encoding methods before they return.
 */
@ProviderType
@Runs(Runs.Where.STRAND)
public interface CodecHost {
  /**
   * Reports body bytes.
   *
   * @param data changes hands; may be empty
   * @param end true when nothing follows on this stream
   */
  void onData(int stream, @Owned ByteBuf data, boolean end);

  /** Reports trailers; nothing follows on this stream. They may be reused after the call. */
  void onTrailers(int stream, Fields trailers);

  /** Reports that the peer, or a broken rule, ended one stream before its time. */
  void onReset(int stream, Reset reset);

  /** Reports that the peer will accept, or send, nothing new; open streams may end. */
  void onGoodbye();

  /** Reports that {@code vacancies} or the right to send may have grown. */
  void onWritable();

  /**
   * The buffer to append small output to (heads, frame headers, chunk sizes): append only, never
   * release. Ask for it in every call; it may be another one each time.
   */
  @Borrowed
  ByteBuf out();

  /** Writes a buffer behind what was appended to {@link #out}; small ones are copied into it. */
  void write(@Owned ByteBuf data);

  /**
   * False while so much waits to be sent that the peer seems not to read. A codec may go on writing
   * what it must; it counts what a peer makes it write meanwhile.
   */
  default boolean isWritable() {
    return true;
  }

  /**
   * Asks for a call of {@link Codec#wake} after that time, in place of what was asked before. The
   * wish outlives a swap: the next instance is woken.
   *
   * @param delay from now; precise to about 50 ms
   */
  default void wakeAfter(Duration delay) {}

  /**
   * Closes the connection after all that was written has left, with a bounded wait for the peer's
   * last bytes so that it can read the answer. Open streams are reset.
   */
  void close(Reset why);

  /**
   * Like {@link #close}, but waits for no last bytes: for a peer that has said that it sends
   * nothing more (RFC 9112, 9.6). What it sends all the same may cost it the end of the answer.
   */
  default void closeWithoutWaiting(Reset why) {
    close(why);
  }

  /**
   * Turns the connection into the tunnel of one stream: from now on its raw bytes are that stream's
   * data in both directions, unread ones first, and this codec instance is not called again.
   */
  void becomeTunnel(int stream);

  /**
   * Leaves a buffer to the instance that comes behind this one, which takes it while it attaches;
   * called only from inside {@link Codec#detach}. What nobody takes is released. So what waits to
   * be sent need not be copied into the record.
   *
   * @param data changes hands, unless the answer is false
   * @return false when nothing can be left: then it has to travel in the record
   */
  default boolean leave(@Owned ByteBuf data) {
    return false;
  }

  /**
   * Takes the next buffer that the former instance left, in the order in which it left them; called
   * only while attaching.
   *
   * @return null when there is none
   */
  default @Owned @Nullable ByteBuf takeLeft() {
    return null;
  }

  /** Where buffers come from. */
  ByteBufAllocator alloc();

  /** The other end of the connection. */
  SocketAddress peer();

  /** This end of the connection. */
  SocketAddress local();

  /** True when the transport under the connection is encrypted. */
  boolean isSecure();
}
