package dev.osprey.codec.http2;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;

/**
 * Counts what a peer does that serves no request (RFC 9113 section 10.5). Each method takes note of
 * one act and tells whether that was one too many.
 */
final class Budgets {
  /** What is made up for in a second. */
  private static final int CONTROL_PER_SECOND = 100;

  private static final int RESETS_PER_SECOND = 10;

  /** Bytes that the slowest peer takes. */
  private static final long SLOWEST_PER_SECOND = 4096;

  /**
   * DATA frames below this size that fill a window count as useless work, and those that nobody
   * takes make up for none.
   */
  static final int USEFUL_DATA = 256;

  /** What Envoy adds to its bound of WINDOW_UPDATE frames. */
  private static final int FEW_UPDATES = 5;

  private static final long SECOND = 1_000_000_000L;

  private final Bounds bounds;
  private boolean overdrawn;
  private boolean squeezedOut;
  private int empty;
  private int outbound;
  private int outboundControl;
  private long outboundBytes;
  private int looks;
  private int control;
  private int resets;
  private long controlSince;
  private long resetsSince;
  private long opened;
  private long priorities;
  private long updates;
  private long dataSent;

  Budgets(Bounds bounds) {
    this.bounds = bounds;
  }

  /** A stream was opened. */
  void opened() {
    opened++;
    empty = 0;
    control -= control > 0 ? 1 : 0;
  }

  /** DATA or a part of a field block came that carries or ends something. */
  void notEmpty() {
    empty = 0;
  }

  /** DATA came for a stream that wants it, and is taken or worth its frame. */
  void data() {
    control -= control > 0 ? 1 : 0;
  }

  /** DATA was sent; {@code squeezed} when a window cut it short. */
  void sent(int bytes, boolean squeezed) {
    dataSent++;
    if (squeezed && bytes < USEFUL_DATA) {
      squeezedOut |= control();
      overdrawn |= squeezedOut;
    } else {
      control -= control > 0 ? 1 : 0;
    }
  }

  /** True when what was written was too much; the connection ends before it reads on. */
  boolean isOverdrawn() {
    return overdrawn;
  }

  /** What it was too much of: frames that tiny windows made small are as control frames. */
  Counters.Event overdraft() {
    return squeezedOut ? Counters.Event.CONTROL_FLOOD : Counters.Event.OUTBOUND_FLOOD;
  }

  /** A frame without payload came that ends nothing. */
  boolean emptyFrame() {
    return ++empty > bounds.emptyFrames();
  }

  /** A part of a field block came behind the first. */
  boolean continuation(int number) {
    return number > bounds.continuations();
  }

  /** A PRIORITY frame came. */
  boolean priority() {
    return ++priorities > bounds.prioritiesPerStream() * (opened + 1);
  }

  /** A WINDOW_UPDATE frame came. */
  boolean windowUpdate() {
    return ++updates > FEW_UPDATES + 2 * (opened + bounds.windowUpdatesPerData() * dataSent);
  }

  /** A frame came that asks for an answer, or for nothing. */
  boolean control() {
    if (++control > bounds.controlFrames() / 2) {
      long now = System.nanoTime();
      long earned = earned(now - controlSince, CONTROL_PER_SECOND);
      if (earned > 0) {
        control = (int) Math.max(0, control - (controlSince == 0 ? 0 : earned));
        controlSince = now;
      }
    }
    return control > bounds.controlFrames();
  }

  /** A stream ended well. */
  void completed() {
    resets -= resets > 0 ? 1 : 0;
  }

  /** A stream ended early, by the peer's doing. */
  boolean premature() {
    if (++resets > bounds.prematureResets() / 2) {
      long now = System.nanoTime();
      long earned = earned(now - resetsSince, RESETS_PER_SECOND);
      if (earned > 0) {
        resets = (int) Math.max(0, resets - (resetsSince == 0 ? 0 : earned));
        resetsSince = now;
      }
    }
    return resets > bounds.prematureResets();
  }

  private static long earned(long nanos, int perSecond) {
    return Math.max(0, nanos) / (SECOND / perSecond);
  }

  /** A frame was written that the peer does not read yet. */
  void unread(int bytes, boolean isControl) {
    outbound++;
    outboundBytes += bytes;
    outboundControl += isControl ? 1 : 0;
    overdrawn |=
        outbound > bounds.outboundFrames()
            || outboundControl > bounds.outboundControlFrames()
            || outboundBytes > bounds.outboundBytes();
  }

  /** The peer reads. */
  void read() {
    outbound = outboundControl = looks = 0;
    outboundBytes = 0;
  }

  /** True when it has not read for so many seconds once more, and that is once too often. */
  boolean stalled(long seconds) {
    return ++looks > 1 + outboundBytes / (SLOWEST_PER_SECOND * Math.max(1, seconds));
  }

  /** Writes the counts into a record. */
  void save(StateWriter record) {
    record
        .flag(overdrawn)
        .flag(squeezedOut)
        .number(empty)
        .number(outbound)
        .number(outboundControl)
        .number(outboundBytes)
        .number(looks)
        .number(control)
        .number(resets);
    record.signed(controlSince).signed(resetsSince);
    record.number(opened).number(priorities).number(updates).number(dataSent);
  }

  /** Goes on from a record. */
  void restore(StateReader record) {
    overdrawn = record.flag();
    squeezedOut = record.flag();
    empty = record.integer();
    outbound = record.integer();
    outboundControl = record.integer();
    outboundBytes = record.number();
    looks = record.integer();
    control = record.integer();
    resets = record.integer();
    controlSince = record.signed();
    resetsSince = record.signed();
    opened = record.number();
    priorities = record.number();
    updates = record.number();
    dataSent = record.number();
  }
}
