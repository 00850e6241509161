package dev.osprey.host.fence;

import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.Borrowed;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream filter behind the fence: whatever it throws ends its stream and nothing else. One that
 * has thrown is not called again and lets everything pass.
 */
public final class FilterFence {
  private final Extension extension;
  private @Nullable StreamFilter filter;

  private FilterFence(Extension extension) {
    this.extension = extension;
  }

  /** The filter of a new stream; {@link #isBroken} when making it failed. */
  public static FilterFence open(Bound<StreamFilterPlan> bound, StreamSession stream) {
    FilterFence fence = new FilterFence(bound.extension());
    try {
      fence.filter = Objects.requireNonNull(bound.plan().open(stream), "no filter");
    } catch (Throwable thrown) {
      var _ = fence.failed("open", thrown);
    }
    return fence;
  }

  /** Whose code it runs. */
  public Extension extension() {
    return extension;
  }

  /** True when it has thrown. */
  public boolean isBroken() {
    return filter == null;
  }

  /** See {@link StreamFilter#onRequestHead}. */
  public Verdict requestHead(RequestHead head, boolean end) {
    StreamFilter one = filter;
    if (one == null) {
      return Verdict.CONTINUE;
    }
    try {
      return Objects.requireNonNull(one.onRequestHead(head, end));
    } catch (Throwable thrown) {
      return failed("onRequestHead", thrown);
    }
  }

  /** See {@link StreamFilter#onRequestData}. */
  public Verdict requestData(@Borrowed ByteBuf data, boolean end) {
    StreamFilter one = filter;
    if (one == null) {
      return Verdict.CONTINUE;
    }
    try {
      return Objects.requireNonNull(one.onRequestData(data, end));
    } catch (Throwable thrown) {
      return failed("onRequestData", thrown);
    }
  }

  /** See {@link StreamFilter#onRequestTrailers}. */
  public Verdict requestTrailers(Fields trailers) {
    StreamFilter one = filter;
    if (one == null) {
      return Verdict.CONTINUE;
    }
    try {
      return Objects.requireNonNull(one.onRequestTrailers(trailers));
    } catch (Throwable thrown) {
      return failed("onRequestTrailers", thrown);
    }
  }

  /** See {@link StreamFilter#onResponseHead}. */
  public Verdict responseHead(ResponseHead head, boolean end) {
    StreamFilter one = filter;
    if (one == null) {
      return Verdict.CONTINUE;
    }
    try {
      return Objects.requireNonNull(one.onResponseHead(head, end));
    } catch (Throwable thrown) {
      return failed("onResponseHead", thrown);
    }
  }

  /** See {@link StreamFilter#onResponseData}. */
  public Verdict responseData(@Borrowed ByteBuf data, boolean end) {
    StreamFilter one = filter;
    if (one == null) {
      return Verdict.CONTINUE;
    }
    try {
      return Objects.requireNonNull(one.onResponseData(data, end));
    } catch (Throwable thrown) {
      return failed("onResponseData", thrown);
    }
  }

  /** See {@link StreamFilter#onResponseTrailers}. */
  public Verdict responseTrailers(Fields trailers) {
    StreamFilter one = filter;
    if (one == null) {
      return Verdict.CONTINUE;
    }
    try {
      return Objects.requireNonNull(one.onResponseTrailers(trailers));
    } catch (Throwable thrown) {
      return failed("onResponseTrailers", thrown);
    }
  }

  /** See {@link StreamFilter#ended}. */
  public void ended() {
    StreamFilter one = filter;
    filter = null;
    try {
      if (one != null) {
        one.ended();
      }
    } catch (Throwable thrown) {
      var _ = failed("ended", thrown);
    }
  }

  /**
   * Runs offloaded work, on its own thread.
   *
   * @return what gives its verdict, on the strand; throws nothing
   */
  public <T extends @Nullable Object> Function<FilterFence, Verdict> work(
      Callable<T> work, Function<? super T, ? extends Verdict> then) {
    try {
      T result = work.call();
      return fence -> fence.then(result, then);
    } catch (Throwable thrown) {
      // Counted on the strand, and only when somebody still waits for it.
      return fence -> fence.failed("offload", thrown);
    }
  }

  private <T extends @Nullable Object> Verdict then(
      T result, Function<? super T, ? extends Verdict> then) {
    if (filter == null) {
      return Verdict.CONTINUE;
    }
    try {
      return Objects.requireNonNull(then.apply(result));
    } catch (Throwable thrown) {
      return failed("offload", thrown);
    }
  }

  /** A verdict that breaks the contract counts as thrown. */
  public Verdict refused(String why) {
    return failed("verdict", new IllegalStateException(why));
  }

  private Verdict failed(String callback, Throwable thrown) {
    filter = null;
    String text = Failures.note(extension, callback, thrown).detail();
    return new Verdict.Reply(LocalReply.of(LocalReply.Kind.EXTENSION_FAILURE, text));
  }
}
