package dev.osprey.testkit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Netty's leak detector, but what it finds is kept, so that {@link FailsOnLeaks} can fail a test
 * instead of a line in the log that nobody reads. A test JVM takes it into use by {@code
 * -Dio.netty.customResourceLeakDetector=dev.osprey.testkit.LeakCollector} beside {@code
 * -Dio.netty.leakDetection.level=paranoid}.
 *
 * @param <T> what is watched
 */
public final class LeakCollector<T> extends ResourceLeakDetector<T> {
  private static final List<String> FOUND = new ArrayList<>();
  private static final Cleaner CLEANER = Cleaner.create();
  private static final int ROUNDS = 3;
  private static final AtomicBoolean USED = new AtomicBoolean();

  /** For Netty, which makes one for each type that is watched. */
  public LeakCollector(Class<?> type, int samplingInterval) {
    super(type, samplingInterval);
    USED.set(true);
  }

  /** Whether Netty was told to use it. */
  static boolean isUsed() {
    return USED.get();
  }

  /** Collects garbage and gives what has leaked since the last call, with where it was touched. */
  static List<String> take() {
    for (int i = 0; i < ROUNDS; i++) {
      collectGarbage();
      // A leak is told when the next buffer is allocated.
      ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer();
      buffer.release();
    }
    synchronized (FOUND) {
      List<String> found = List.copyOf(FOUND);
      FOUND.clear();
      return found;
    }
  }

  @Override
  protected boolean needReport() {
    return true;
  }

  @Override
  protected void reportTracedLeak(String type, String records) {
    super.reportTracedLeak(type, records);
    add(type + " was not released:" + records);
  }

  @Override
  protected void reportUntracedLeak(String type) {
    super.reportUntracedLeak(type);
    add(type + " was not released");
  }

  private static void add(String leak) {
    synchronized (FOUND) {
      FOUND.add(leak);
    }
  }

  /** Returns when an object that nobody holds was seen to be collected. */
  private static void collectGarbage() {
    CountDownLatch gone = new CountDownLatch(1);
    CLEANER.register(new Object(), gone::countDown);
    try {
      for (int i = 0; i < 100; i++) {
        System.gc();
        if (gone.await(50, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
