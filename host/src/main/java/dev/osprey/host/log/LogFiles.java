package dev.osprey.host.log;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Counter;
import dev.osprey.spi.Owned;
import dev.osprey.spi.log.AccessLogPlan;
import io.netty.buffer.ByteBuf;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes log lines to files on a thread of its own. Loops hand over whole buffers; when the disk
 * can't follow, buffers are dropped and their lines counted rather than making traffic wait.
 */
public final class LogFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
  private static final int QUEUE = 512;

  private final BlockingQueue<Batch> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Map<String, FileChannel> open = new HashMap<>();
  private final Set<String> failing = new HashSet<>();
  private final Counter dropped;
  private final Thread writer;
  private volatile boolean running = true;
  private volatile boolean moved;

  private record Batch(String target, @Nullable ByteBuf lines) {}

  /** Starts the writing thread. */
  public LogFiles(Counter dropped) {
    this.dropped = dropped;
    this.writer = Thread.ofPlatform().name("osprey-log").daemon().start(this::write);
  }

  /** Hands over whole lines for a target; from any thread. */
  public void append(String target, @Owned ByteBuf lines) {
    if (!running || !queue.offer(new Batch(target, lines))) {
      drop(lines);
      lines.release();
    }
  }

  /** Opens all files anew at the next line, for log rotation; from any thread. */
  public void reopen() {
    // Where there is no room for the word, the writer is awake and sees the mark.
    moved = true;
    boolean _ = queue.offer(new Batch("", null));
  }

  /** Writes what is queued and closes the files. */
  @Override
  public void close() {
    running = false;
    boolean _ = queue.offer(new Batch("", null));
    try {
      writer.join(2000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      while (running || !queue.isEmpty()) {
        Batch batch = queue.take();
        if (moved) {
          moved = false;
          closeAll();
        }
        if (batch.lines != null) {
          write(batch.target, batch.lines);
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    closeAll();
  }

  private void write(String target, ByteBuf lines) {
    try {
      FileChannel file = open.get(target);
      if (file == null) {
        file = open(target);
        open.put(target, file);
      }
      while (lines.isReadable()) {
        lines.readBytes(file, lines.readableBytes());
      }
      if (failing.remove(target)) {
        LOG.info("access log {} is written again", target);
      }
    } catch (IOException e) {
      drop(lines);
      forget(target);
      if (failing.add(target)) {
        LOG.warn("access log {}: lines are dropped until it can be written: {}", target, words(e));
      }
    } finally {
      lines.release();
    }
  }

  private void drop(@Borrowed ByteBuf lines) {
    int count = 0;
    int end = lines.writerIndex();
    int at = lines.readerIndex();
    while (at < end) {
      int lineEnd = lines.indexOf(at, end, (byte) '\n');
      at = lineEnd < 0 ? end : lineEnd + 1;
      count++;
    }
    dropped.add(count);
  }

  private static String words(IOException failure) {
    return failure instanceof NoSuchFileException ? "there is no such folder" : failure.toString();
  }

  /** The next line opens it anew. */
  private void forget(String target) {
    FileChannel broken = open.remove(target);
    if (broken != null) {
      close(target, broken);
    }
  }

  private static FileChannel open(String target) throws IOException {
    return switch (target) {
      case AccessLogPlan.STDOUT -> new FileOutputStream(FileDescriptor.out).getChannel();
      case AccessLogPlan.STDERR -> new FileOutputStream(FileDescriptor.err).getChannel();
      default ->
          FileChannel.open(
              Path.of(target),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND);
    };
  }

  private void closeAll() {
    open.forEach(LogFiles::close);
    open.clear();
  }

  private static void close(String target, FileChannel file) {
    if (!target.startsWith("/dev/")) {
      try {
        file.close();
      } catch (IOException e) {
        LOG.warn("access log {}: {}", target, e.toString());
      }
    }
  }
}
