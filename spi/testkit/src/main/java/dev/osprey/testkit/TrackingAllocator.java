package dev.osprey.testkit;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.lang.StackWalker.StackFrame;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;

/**
 * An unpooled allocator that remembers where each buffer was allocated, so that a test can name the
 * ones that nobody released. Safe for use from several threads.
 */
public final class TrackingAllocator extends AbstractByteBufAllocator {
  private static final int SWEEP_ABOVE = 1024;
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final IdentityHashMap<ByteBuf, StackFrame> sites = new IdentityHashMap<>();
  private int sweepAbove = SWEEP_ABOVE;

  /** An allocator without buffers; plain {@code buffer()} calls get heap buffers. */
  public TrackingAllocator() {
    super(false);
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return track(new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return track(new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity));
  }

  @Override
  public CompositeByteBuf compositeHeapBuffer(int maxNumComponents) {
    return track(new CompositeByteBuf(this, false, maxNumComponents));
  }

  @Override
  public CompositeByteBuf compositeDirectBuffer(int maxNumComponents) {
    return track(new CompositeByteBuf(this, true, maxNumComponents));
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  /** Bytes of all buffers that are not released yet. */
  public synchronized long liveBytes() {
    long bytes = 0;
    for (ByteBuf buffer : sites.keySet()) {
      if (buffer.refCnt() > 0) {
        bytes += buffer.capacity();
      }
    }
    return bytes;
  }

  /** One line for each buffer that is not released: what it is and where it was allocated. */
  public synchronized List<String> unreleased() {
    List<String> lines = new ArrayList<>();
    sites.forEach((buffer, site) -> {
      if (buffer.refCnt() > 0) {
        lines.add(buffer + " allocated at " + site);
      }
    });
    return lines;
  }

  /**
   * Fails when a buffer is not released.
   *
   * @throws AssertionError naming each of them with its allocation site
   */
  public void assertNothingLeaks() {
    List<String> lines = unreleased();
    if (!lines.isEmpty()) {
      throw new AssertionError(
          lines.size() + " buffers were not released:\n" + String.join("\n", lines));
    }
  }

  private synchronized <B extends ByteBuf> B track(B buffer) {
    if (sites.size() >= sweepAbove) {
      sites.keySet().removeIf(old -> old.refCnt() == 0);
      sweepAbove = Math.max(SWEEP_ABOVE, sites.size() * 2);
    }
    sites.put(buffer, WALKER.walk(TrackingAllocator::firstOutside));
    return buffer;
  }

  private static StackFrame firstOutside(Stream<StackFrame> frames) {
    return frames.filter(TrackingAllocator::isOutside).findFirst().orElseThrow();
  }

  private static boolean isOutside(StackFrame frame) {
    String name = frame.getClassName();
    return !name.startsWith("io.netty.") && !name.equals(TrackingAllocator.class.getName());
  }
}
