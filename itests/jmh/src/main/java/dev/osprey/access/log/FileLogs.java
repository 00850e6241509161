package dev.osprey.access.log;

import dev.osprey.spi.log.AccessLogFactory;

/** Lends benchmarks the factory of logs in files. */
public final class FileLogs {
  private FileLogs() {}

  /** The factory that the bundle registers. */
  public static AccessLogFactory factory() {
    return new LineLogFactory(Destination.FILE);
  }
}
