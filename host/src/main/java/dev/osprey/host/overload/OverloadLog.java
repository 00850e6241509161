package dev.osprey.host.overload;

import dev.osprey.spi.Counter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what an overload leads to, and says it: one line a second at most. Thread-safe. */
final class OverloadLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.osprey.overload");
  private static final long SECOND = 1_000_000_000L;
  private static final int MEGA = 1024 * 1024;

  private final Counter tight;
  private final Counter full;
  private final Counter resets;
  private final long limit;
  private volatile boolean hasNews;
  private volatile long toldAt;
  private boolean told;
  private Level level = Level.NORMAL;
  private int newResets;
  private long newBytes;
  private long mostBytes;
  private @Nullable Object worst;

  OverloadLog(Function<String, Counter> counters, long limit) {
    this.tight = counters.apply("overload.tight");
    this.full = counters.apply("overload.full");
    this.resets = counters.apply("overload.cx_reset");
    this.limit = limit;
  }

  synchronized void changed(Level next) {
    if (next == Level.TIGHT && level == Level.NORMAL) {
      tight.add(1);
    } else if (next.isAtLeast(Level.FULL) && !level.isAtLeast(Level.FULL)) {
      full.add(1);
    }
    level = next;
    hasNews = true;
  }

  synchronized void reset(Object peer, long bytes) {
    resets.add(1);
    newResets++;
    newBytes += bytes;
    if (bytes > mostBytes) {
      mostBytes = bytes;
      worst = peer;
    }
    hasNews = true;
  }

  boolean isDue(long now) {
    return hasNews && (!told || now - toldAt >= SECOND);
  }

  synchronized void tell(long now, long inUse) {
    if (!isDue(now)) {
      return;
    }
    hasNews = false;
    told = true;
    toldAt = now;
    LOG.warn("buffers hold {} of {} MiB: {}{}", inUse / MEGA, limit / MEGA, words(), resetWords());
    newResets = 0;
    newBytes = 0;
    mostBytes = 0;
    worst = null;
  }

  private String words() {
    return switch (level) {
      case NORMAL -> "connections have their own limits again";
      case TIGHT -> "connections queue less";
      case FULL, CRITICAL -> "new connections wait, and peers that take nothing are reset";
    };
  }

  private String resetWords() {
    return newResets == 0
        ? ""
        : "; reset "
            + newResets
            + " with "
            + newBytes / MEGA
            + " MiB queued, the worst was "
            + worst
            + " with "
            + mostBytes
            + " bytes";
  }
}
