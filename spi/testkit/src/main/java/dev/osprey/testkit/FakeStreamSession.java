package dev.osprey.testkit;

import dev.osprey.spi.Owned;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream for tests of filters. Pauses are kept to be looked at; offloaded work runs when the test
 * says so, on the test's thread.
 */
public final class FakeStreamSession implements StreamSession {
  private static final InetSocketAddress PEER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
  private static final InetSocketAddress LOCAL =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

  private final RequestHead request;
  private final List<FakePause> pauses = new ArrayList<>();
  private @Nullable ResponseHead response;
  private @Nullable ByteBuf replaced;

  /** A stream of this request. */
  public FakeStreamSession(RequestHead request) {
    this.request = request;
  }

  /** Says what the answer's head is. */
  public void answered(ResponseHead head) {
    response = head;
  }

  /** All pauses so far. */
  public List<FakePause> pauses() {
    return List.copyOf(pauses);
  }

  /** Takes what the filter put in the place of its data; null when it did not. */
  public @Nullable ByteBuf takeReplaced() {
    ByteBuf taken = replaced;
    replaced = null;
    return taken;
  }

  @Override
  public RequestHead request() {
    return request;
  }

  @Override
  public @Nullable ResponseHead response() {
    return response;
  }

  @Override
  public SocketAddress peer() {
    return PEER;
  }

  @Override
  public SocketAddress local() {
    return LOCAL;
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  @Override
  public String listener() {
    return "listener";
  }

  @Override
  public long connection() {
    return 7;
  }

  @Override
  public ByteBufAllocator alloc() {
    return UnpooledByteBufAllocator.DEFAULT;
  }

  @Override
  public FakePause pause(Duration timeout, Verdict otherwise) {
    if (timeout.isZero() || timeout.isNegative() || otherwise instanceof Verdict.Pause) {
      throw new AssertionError("no such pause: " + timeout + ", otherwise " + otherwise);
    }
    FakePause made = new FakePause(timeout, otherwise);
    pauses.add(made);
    return made;
  }

  @Override
  public <T extends @Nullable Object> FakePause offload(
      Callable<T> work,
      Function<? super T, ? extends Verdict> then,
      Duration timeout,
      Verdict otherwise) {
    FakePause made = pause(timeout, otherwise);
    made.work = () -> then.apply(work.call());
    return made;
  }

  @Override
  public void replace(@Owned ByteBuf data) {
    ByteBuf before = replaced;
    replaced = data;
    if (before != null) {
      before.release();
    }
  }

  /** A pause that remembers. */
  public static final class FakePause implements Verdict.Pause {
    private final Duration timeout;
    private final Verdict otherwise;
    private @Nullable Callable<? extends Verdict> work;
    private @Nullable Verdict resumedWith;

    private FakePause(Duration timeout, Verdict otherwise) {
      this.timeout = timeout;
      this.otherwise = otherwise;
    }

    /** How long it lasts at most. */
    public Duration timeout() {
      return timeout;
    }

    /** What happens then. */
    public Verdict otherwise() {
      return otherwise;
    }

    /** What it was resumed with; null when it was not. */
    public @Nullable Verdict resumedWith() {
      return resumedWith;
    }

    /**
     * Runs the offloaded work and what follows it.
     *
     * @throws Exception what the work throws
     */
    public Verdict runWork() throws Exception {
      Callable<? extends Verdict> todo = work;
      if (todo == null) {
        throw new AssertionError("nothing was offloaded");
      }
      return todo.call();
    }

    @Override
    public void resume(Verdict verdict) {
      if (resumedWith == null) {
        resumedWith = verdict;
      }
    }
  }
}
