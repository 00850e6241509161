package dev.osprey.host.control;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the control side was told at its start.
 *
 * @param system folder of the archive's own extension bundles
 * @param deploy folder that is watched
 * @param data folder of this instance
 * @param config where the configuration comes from
 * @param hold how long a framework command on a bundle in use may be held up
 * @param maxDrain how long old code may go on before it ends politely; zero: for ever
 * @param drain how long a drain of the process may take
 * @param rehearse false leaves rehearsals out
 * @param whenFull what to do when two old versions of a bundle are still open
 */
public record Options(
    Path system,
    Path deploy,
    Path data,
    URI config,
    Duration hold,
    Duration maxDrain,
    Duration drain,
    boolean rehearse,
    WhenFull whenFull) {
  /** How many old versions of a bundle may be open at a time. */
  static final int MOST_OLD = 2;

  /** What to do with a swap when too many old versions are open. */
  public enum WhenFull {
    /** It waits until one has ended. */
    WAIT,
    /** It is refused. */
    REFUSE,
    /** The oldest ends politely. */
    EVICT
  }
}
