package dev.osprey.spi.log;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Runs;
import io.netty.buffer.ByteBuf;
import org.osgi.annotation.versioning.ConsumerType;

/** Words one record as one line. The host owns the file and the thread that writes it. */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface AccessLogPlan {
  /** The destination of standard output, for {@link #target}. */
  String STDOUT = "/dev/stdout";

  /** The destination of standard error, for {@link #target}. */
  String STDERR = "/dev/stderr";

  /** Path of the file to append to, or {@link #STDOUT} or {@link #STDERR}. */
  @Runs(Runs.Where.CONTROL)
  String target();

  /**
   * Appends one line, its end included.
   *
   * @param line append only; when the call throws, what it appended is dropped
   */
  void log(AccessRecord record, @Borrowed ByteBuf line);
}
