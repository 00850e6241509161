package dev.osprey.host.fence;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fence around the host's own tasks on a strand: a mistake of ours in one of them, or no memory
 * for it, must not stop the clock, the tasks behind it or the connections of the others.
 */
public final class TaskFence {
  private static final Logger LOG = LoggerFactory.getLogger(TaskFence.class);

  private TaskFence() {}

  /**
   * Runs a task; whatever it throws is logged and goes no further.
   *
   * @return true when it threw nothing
   */
  public static boolean run(String what, Runnable task) {
    try {
      task.run();
      return true;
    } catch (Throwable bug) {
      tell(what, bug);
      return false;
    }
  }

  private static void tell(String what, Throwable bug) {
    try {
      LOG.error("{} failed", what, bug);
    } catch (Throwable unspeakable) {
      // No memory or no stack even to say so: what counts is that the strand goes on.
      bug.addSuppressed(unspeakable);
    }
  }
}
