package dev.osprey.host.rehearsal;

import dev.osprey.spi.Owned;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stream in memory, as its filter sees it. Nobody resumes its pauses. */
final class FilterRigSession implements StreamSession {
  private final RequestHead request;
  private @Nullable ResponseHead response;
  private @Nullable NoPause fresh;

  FilterRigSession(RequestHead request) {
    this.request = request;
  }

  void answered(ResponseHead head) {
    response = head;
  }

  /** True when the last call made this pause. */
  boolean made(@Nullable Verdict verdict) {
    NoPause last = fresh;
    fresh = null;
    return last != null && last == verdict;
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
    return End.PEER;
  }

  @Override
  public SocketAddress local() {
    return End.LOCAL;
  }

  @Override
  public boolean isSecure() {
    return false;
  }

  @Override
  public String listener() {
    return "rehearsal";
  }

  @Override
  public long connection() {
    return 1;
  }

  @Override
  public ByteBufAllocator alloc() {
    return End.ALLOC;
  }

  @Override
  public Verdict.Pause pause(Duration timeout, Verdict otherwise) {
    NoPause made = new NoPause();
    fresh = made;
    return made;
  }

  @Override
  public <T extends @Nullable Object> Verdict.Pause offload(
      Callable<T> work,
      Function<? super T, ? extends Verdict> then,
      Duration timeout,
      Verdict otherwise) {
    return pause(timeout, otherwise);
  }

  @Override
  public void replace(@Owned ByteBuf data) {
    data.release();
  }

  /** A pause that leads nowhere. */
  private static final class NoPause implements Verdict.Pause {
    @Override
    public void resume(Verdict verdict) {}
  }
}
