package dev.osprey.host.stream;

import dev.osprey.host.fence.PlanFence;
import dev.osprey.host.log.LogBuffer;
import dev.osprey.host.plan.LogTarget;
import dev.osprey.spi.log.AccessRecord;
import java.util.List;

/** Gives a record to every access log of a chain. */
public final class AccessLogging {
  private AccessLogging() {}

  /** Words the record and puts the lines into this loop's buffers. */
  public static void log(Worker worker, List<LogTarget> logs, AccessRecord entry) {
    for (int i = 0; i < logs.size(); i++) {
      LogTarget log = logs.get(i);
      LogBuffer buffer = worker.log(log.target());
      PlanFence.log(log.plan().main(), entry, buffer.lines());
      buffer.appended();
    }
  }
}
