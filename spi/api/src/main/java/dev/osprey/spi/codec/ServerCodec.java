package dev.osprey.spi.codec;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.ResponseHead;
import org.osgi.annotation.versioning.ConsumerType;

/** A codec that faces the client: reads requests, writes responses. */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface ServerCodec extends Codec {
  /**
   * Sends an interim or final head.
   *
   * @param end true when neither body nor trailers follow
   */
  void respond(int stream, ResponseHead head, boolean end);

  /**
   * The host has waited long enough for a request whose first bytes lie unread; called while no
   * stream is open. A codec that can answer what it has not read reports it from inside this call
   * ({@link ServerCodecHost#onBadRequest}) and ends the connection behind the answer. The host
   * closes the connection of one that reports nothing.
   */
  default void requestTimedOut() {}
}
