package dev.osprey.spi.stream;

import dev.osprey.spi.Owned;
import dev.osprey.spi.Runs;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A stream as its filters see it: the scope that all they begin belongs to. When the stream ends,
 * the host cancels their pauses and interrupts their offloaded work.
 */
@ProviderType
@Runs(Runs.Where.STRAND)
public interface StreamSession {
  /** The request's head, as changed so far; valid as long as the stream. */
  RequestHead request();

  /** The answer's head as changed so far; null before it came. Ask again after a pause. */
  @Nullable ResponseHead response();

  /** The client's address. */
  SocketAddress peer();

  /** The address the client connected to. */
  SocketAddress local();

  /** True when the client's connection is encrypted. */
  boolean isSecure();

  /** Name of the listener. */
  String listener();

  /** Number of the client's connection within this process. */
  long connection();

  /** Where buffers come from. */
  ByteBufAllocator alloc();

  /**
   * A pause to answer the running callback with.
   *
   * @param timeout above zero; kept to about 50 ms
   * @param otherwise what happens when nobody has resumed by then; not another pause
   */
  Verdict.Pause pause(Duration timeout, Verdict otherwise);

  /**
   * Runs blocking work on a thread of its own and gives a pause to answer the running callback
   * with. The work is interrupted when the pause or the stream is over, and what it returns then is
   * dropped. When it throws, the filter has failed.
   *
   * @param work runs on a virtual thread; it must not touch the stream, its heads or its buffers
   * @param then gets the result on the strand and gives the verdict, which may be another pause
   * @param timeout above zero; kept to about 50 ms
   * @param otherwise what happens when the work is not done by then; not a pause
   */
  <T extends @Nullable Object> Verdict.Pause offload(
      Callable<T> work,
      Function<? super T, ? extends Verdict> then,
      Duration timeout,
      Verdict otherwise);

  /** Puts a buffer in the place of the data of the running callback, which is released. */
  void replace(@Owned ByteBuf data);
}
