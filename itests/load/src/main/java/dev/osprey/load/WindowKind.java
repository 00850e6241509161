package dev.osprey.load;

/** Whether a stretch of a run holds a swap or stands beside one for comparison. */
public enum WindowKind {
  /** A swap happens in it. */
  SWAP,
  /** Nothing happens in it. */
  CONTROL
}
