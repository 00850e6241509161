package dev.osprey.spi.codec;

/** What a call to {@link Codec#decode} leaves to do. */
public enum Progress {
  /** Something was consumed or reported; call again, there may be more. */
  AGAIN,
  /** Nothing to be done without more bytes. */
  NEED_INPUT,
  /**
   * Nothing will be read before something is written: the host calls again after the next encoding
   * call (a codec of one exchange at a time, whose answer is not complete).
   */
  WAIT
}
