package dev.osprey.spi.codec;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.ResponseHead;
import org.osgi.annotation.versioning.ProviderType;

/** A connection to an upstream as its codec sees it. */
@ProviderType
@Runs(Runs.Where.STRAND)
public interface ClientCodecHost extends CodecHost {
  /**
   * Reports an interim or final head.
   *
   * @param head the codec may reuse it once the stream has ended in both directions; an interim one
   *     after the call
   * @param end true when neither body nor trailers follow
   */
  void onResponse(int stream, ResponseHead head, boolean end);
}
