package dev.osprey.spi.codec;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** A client's connection as its codec sees it. */
@ProviderType
@Runs(Runs.Where.STRAND)
public interface ServerCodecHost extends CodecHost {
  /**
   * Reports a request.
   *
   * @param head the codec may reuse it once the stream has ended in both directions
   * @param end true when neither body nor trailers follow
   */
  void onRequest(int stream, RequestHead head, boolean end);

  /**
   * Reports a request that broke the rules. The host answers it on this stream by way of {@link
   * CodecPlan#answer} and {@link ServerCodec#respond}, whereupon the codec closes the connection if
   * its protocol demands it. When a response to that stream has begun already, the host calls
   * {@link Codec#reset}.
   *
   * @param head as much as could be read, for the log; null for nothing
   */
  void onBadRequest(int stream, @Nullable RequestHead head, LocalReply reply);
}
