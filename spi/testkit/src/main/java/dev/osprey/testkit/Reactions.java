package dev.osprey.testkit;

import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RecordingHost} does, beside recording, when its codec reports. Called from inside
 * the codec's callback. Every method does nothing unless overridden; buffers are released.
 */
public interface Reactions {
  /** Reactions that do nothing. */
  Reactions NONE = new Reactions() {};

  /** A request came. */
  default void request(int stream, RequestHead head, boolean end) {}

  /** A request broke the rules. */
  default void badRequest(int stream, @Nullable RequestHead head, LocalReply reply) {}

  /** A response came. */
  default void response(int stream, ResponseHead head, boolean end) {}

  /** Body bytes came. */
  default void data(int stream, @Owned ByteBuf data, boolean end) {
    data.release();
  }

  /** Trailers came. */
  default void trailers(int stream, Fields trailers) {}

  /** A stream ended before its time. */
  default void reset(int stream, Reset reset) {}

  /** The peer will accept or send nothing new. */
  default void goodbye() {}

  /** The codec may take more. */
  default void writable() {}

  /** The codec closed the connection. */
  default void closed(Reset why) {}

  /** The connection became the tunnel of that stream. */
  default void tunnel(int stream) {}
}
