package dev.osprey.host.overload;

/** How scarce the memory of buffers is, and what each connection may have of it. */
public enum Level {
  /** There is enough: connections have their own limits. */
  NORMAL(Integer.MAX_VALUE, Integer.MAX_VALUE),
  /** Sources are paused sooner and read in smaller pieces. */
  TIGHT(64 * 1024, 16 * 1024),
  /** Nothing is accepted, and peers that have taken nothing for a while are reset. */
  FULL(16 * 1024, 4 * 1024),
  /** As before, but there is no time left to wait whether a peer takes something. */
  CRITICAL(16 * 1024, 4 * 1024);

  private final int outputBytes;
  private final int readBytes;

  Level(int outputBytes, int readBytes) {
    this.outputBytes = outputBytes;
    this.readBytes = readBytes;
  }

  /** Queued output of a connection at which its source is paused, if its own limit is not less. */
  public int outputBytes() {
    return outputBytes;
  }

  /** Most that one read may bring. */
  public int readBytes() {
    return readBytes;
  }

  boolean isAtLeast(Level other) {
    return compareTo(other) >= 0;
  }
}
