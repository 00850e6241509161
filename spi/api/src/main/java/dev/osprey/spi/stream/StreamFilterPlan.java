package dev.osprey.spi.stream;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.RequestHead;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A checked, immutable stream filter configuration: makes the instances of streams. Called from
 * many strands at once.
 */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface StreamFilterPlan {
  /**
   * The filter of a new stream. It serves this stream to its end, whatever is swapped meanwhile. A
   * filter that remembers nothing may be the same object for all streams.
   *
   * @param stream valid until {@link StreamFilter#ended}; it can't pause anything yet
   */
  StreamFilter open(StreamSession stream);

  /**
   * Request heads to rehearse with before a swap, beside the host's own: such as meet branches that
   * common requests do not.
   */
  @Runs(Runs.Where.CONTROL)
  default List<RequestHead> rehearsals() {
    return List.of();
  }
}
