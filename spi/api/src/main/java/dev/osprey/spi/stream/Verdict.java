package dev.osprey.spi.stream;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.LocalReply;
import org.osgi.annotation.versioning.ProviderType;

/** What a stream filter answers. */
public sealed interface Verdict {
  /** The only {@link Continue} that is needed. */
  Verdict CONTINUE = new Continue();

  /** Go on to the next filter. */
  record Continue() implements Verdict {}

  /**
   * Answer the caller; the upstream is let go. The answer passes all filters' response callbacks
   * when it comes from a request callback, those nearer to the caller when it takes the place of
   * the upstream's answer. Once the answer's head has left, the stream is cut instead.
   *
   * @param reply the answer
   */
  record Reply(LocalReply reply) implements Verdict {}

  /**
   * End the stream so that both sides see that it is cut short.
   *
   * @param why for the other side and the log
   */
  record Reset(dev.osprey.spi.message.Reset why) implements Verdict {}

  /**
   * Hold this direction of the stream here until somebody resumes it, or its time is up. Made by
   * {@link StreamSession#pause} or {@link StreamSession#offload} during the callback that answers
   * with it; one that is not answered with is void. While it lasts the sender's bytes are held
   * within the connection's bounds, then it is slowed down.
   *
   * <p>The handle holds nothing of a stream that is over, and then does nothing.
   */
  @ProviderType
  @Runs(Runs.Where.ANY)
  non-sealed interface Pause extends Verdict {
    /**
     * Goes on, on the strand, soon after the call; the first call counts.
     *
     * @param verdict what the callback would have answered; not another pause
     */
    void resume(Verdict verdict);
  }
}
