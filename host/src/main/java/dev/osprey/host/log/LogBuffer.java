package dev.osprey.host.log;

import dev.osprey.host.loop.Loop;
import dev.osprey.spi.Borrowed;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Gathers one loop's lines for one target, outside of the heap, so that the file takes them without
 * another copy.
 */
public final class LogBuffer {
  private static final int CAPACITY = 64 * 1024;
  private static final int ENOUGH = CAPACITY - 4 * 1024;

  private final Loop loop;
  private final LogFiles files;
  private final String target;
  private @Nullable ByteBuf lines;

  /** An empty buffer. */
  public LogBuffer(Loop loop, LogFiles files, String target) {
    this.loop = loop;
    this.files = files;
    this.target = target;
  }

  /** Where its lines go. */
  public String target() {
    return target;
  }

  /** The buffer to append a line to. */
  public @Borrowed ByteBuf lines() {
    ByteBuf buffer = lines;
    if (buffer == null) {
      lines = buffer = loop.allocator().directBuffer(CAPACITY);
    }
    return buffer;
  }

  /** A line was appended. */
  public void appended() {
    if (lines != null && lines.readableBytes() >= ENOUGH) {
      handOver();
    }
  }

  /** Gives what was gathered to the writing thread. */
  public void handOver() {
    ByteBuf full = lines;
    lines = null;
    if (full == null) {
      return;
    }
    if (full.isReadable()) {
      files.append(target, full);
    } else {
      full.release();
    }
  }
}
