package dev.osprey.spi.codec;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.Runs;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The life of a connection in one protocol: turns bytes into messages and messages into bytes.
 * Serial by contract; holds no static state; writes to its {@link CodecHost} and nowhere else.
 *
 * <p>Streams are named by small numbers of the codec's choice, unique among the open streams of a
 * connection. A codec of one exchange at a time may call all of them 1.
 *
 * <p>The host calls an encoding method ({@link #data}, {@link #trailers}, ...) only for a stream
 * that is open in that direction; it may do so from inside a callback of {@link #decode}.
 */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface Codec {
  /**
   * Reads on. Reports at most a few messages a call, so that the host can stop between two calls.
   *
   * @param in all bytes that are not consumed yet; consume by moving the reader index, and only
   *     what has been reported or is remembered in the state that {@link #detach} returns. Body
   *     bytes leave as retained slices. What is left is presented again with what comes later.
   */
  Progress decode(@Borrowed ByteBuf in);

  /**
   * The peer will send no more; called once, after {@link #decode} has had all bytes it wanted.
   * Streams whose message is cut short are reset ({@link CodecHost#onReset}), one that ends with
   * the connection by the protocol's rules ends well.
   *
   * @param in what was left unread
   */
  void endOfInput(@Borrowed ByteBuf in);

  /**
   * Sends body bytes.
   *
   * @param data may be empty
   * @param end true when nothing follows on this stream
   */
  void data(int stream, @Owned ByteBuf data, boolean end);

  /** Sends trailers; nothing follows on this stream. */
  void trailers(int stream, Fields trailers);

  /**
   * Ends a stream before its time, so that the peer sees that it is cut short. A protocol without
   * such a word closes the connection ({@link CodecHost#close}, which from inside this call ends it
   * by a reset, so that no cut looks like an orderly end).
   */
  void reset(int stream, Reset reset);

  /**
   * Lets the peer send {@code bytes} more body on a stream. Called by the host when the other side
   * has taken them; only for a multiplexed codec, which may report what it held back from inside.
   */
  void credit(int stream, int bytes);

  /**
   * Tells the peer that nothing new will be accepted, open streams may end ("goodbye"). A protocol
   * without such a word remembers it and says it in its next message, if any. The host says it
   * again to an instance that follows one let go at rest.
   */
  void goodbye();

  /**
   * True when the codec closes the connection itself ({@link CodecHost#close}) once its goodbye has
   * reached the peer and the last stream has ended. The host closes the others when no stream is
   * open.
   */
  default boolean closesAfterGoodbye() {
    return false;
  }

  /**
   * The time has come that {@link CodecHost#wakeAfter} asked for, or one asked for before a swap.
   */
  default void wake() {}

  /**
   * True when more body may be given to a stream now; false when the codec holds back what it has
   * (the peer's window is used up). After false the host gives no more until {@link
   * CodecHost#onWritable}.
   */
  default boolean isWritable(int stream) {
    return true;
  }

  /** True when no stream is open and no partial message is held: the instance may be let go. */
  boolean isAtRest();

  /**
   * Hands over: returns all state as a neutral record. The instance is not called again, writes
   * nothing more and has released what it held. May happen between any two calls, mid-message
   * included, but never inside one.
   */
  StateRecord detach();

  /**
   * The connection is gone, or this instance has thrown from another callback: release what is
   * held. The instance is not called again. Not called after {@link #detach}.
   */
  void closed();
}
