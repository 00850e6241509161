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
}
