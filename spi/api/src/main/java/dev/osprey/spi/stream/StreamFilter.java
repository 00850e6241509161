package dev.osprey.spi.stream;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Runs;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sees one request and its answer go by. Serial by contract; holds no static state; never blocks.
 *
 * <p>Requests pass the filters in the configured order and then the router; answers pass them in
 * the opposite order, the proxy's own answers included; interim heads (1xx) pass none. Of each
 * direction a filter sees the head, then data, then perhaps trailers; {@code end} says that nothing
 * follows. A filter that pauses a direction sees no more of it, nor does any filter behind it,
 * until it resumes; the other direction goes on.
 *
 * <p>What a filter changes in a head or in trailers leaves changed. A filter that changes the
 * length of a body says so in the head ({@link RequestHead#bodyLength(long)}).
 *
 * <p>A filter that throws ends its stream: with an answer that says so, or by a cut when the answer
 * has begun. It is not called again.
 */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface StreamFilter {
  /** The request's head, before it is routed. */
  default Verdict onRequestHead(RequestHead head, boolean end) {
    return Verdict.CONTINUE;
  }

  /**
   * A piece of the request's body; as cut by the network, and perhaps empty.
   *
   * @param data to look at, or to replace ({@link StreamSession#replace})
   */
  default Verdict onRequestData(@Borrowed ByteBuf data, boolean end) {
    return Verdict.CONTINUE;
  }

  /** The request's trailers. They may be reused after the call. */
  default Verdict onRequestTrailers(Fields trailers) {
    return Verdict.CONTINUE;
  }

  /**
   * The final head of the answer.
   *
   * @param head valid during the call; later the session's ({@link StreamSession#response}) is
   */
  default Verdict onResponseHead(ResponseHead head, boolean end) {
    return Verdict.CONTINUE;
  }

  /** A piece of the answer's body; as {@link #onRequestData}. */
  default Verdict onResponseData(@Borrowed ByteBuf data, boolean end) {
    return Verdict.CONTINUE;
  }

  /** The answer's trailers. They may be reused after the call. */
  default Verdict onResponseTrailers(Fields trailers) {
    return Verdict.CONTINUE;
  }

  /**
   * The stream is over, well or not. Pauses and offloaded work are cancelled by now; nothing of the
   * filter is called again.
   */
  default void ended() {}
}
