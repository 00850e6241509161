package dev.osprey.it.harness;

import dev.osprey.load.Pattern;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** One stream of a {@link PatternPeer}: what it sends, gets, and still may. For any thread. */
public final class PatternStream {
  /** A pace or a length without a bound. */
  public static final long NO_END = Long.MAX_VALUE;

  private static final int MOST_IN_A_FRAME = 16_384;
  private static final int MOST_IN_A_TURN = 1 << 20;

  private final int id;
  private List<String> head = List.of();
  private List<String> waitingHead = List.of();
  private long sendWindow;
  private long sendFrom;
  private long sendLimit;
  private long sendPace;
  private boolean headSent;
  private boolean sending = true;
  private long sent;
  private long readFrom;
  private long readPace = NO_END;
  private long received;
  private long owed;
  private boolean ended;

  PatternStream(int id, long sendWindow) {
    this.id = id;
    this.sendWindow = sendWindow;
  }

  /** The stream's number. */
  public synchronized int id() {
    return id;
  }

  /** The other side's head; empty before it came. */
  public synchronized List<String> head() {
    return head;
  }

  /** The value of a field of that head, or nothing. */
  public synchronized String field(String name) {
    return head.stream()
        .filter(it -> it.startsWith(name + ": "))
        .map(it -> it.substring(name.length() + 2))
        .findFirst()
        .orElse("");
  }

  /** Body bytes sent. */
  public synchronized long sent() {
    return sent;
  }

  /** Body bytes received, all as they should be. */
  public synchronized long received() {
    return received;
  }

  /** Whether the other side has ended it. */
  public synchronized boolean isEnded() {
    return ended;
  }

  /** Whether both sides have ended it. */
  public synchronized boolean isDone() {
    return ended && !sending;
  }

  // ---- what it does

  /**
   * Sends a head, and the pattern behind it.
   *
   * @param from the position in the pattern
   * @param limit bytes, after which it ends; {@link #NO_END} until it is told to
   * @param pace bytes a turn
   */
  public synchronized PatternStream sends(long from, long limit, long pace, String... fields) {
    waitingHead = List.of(fields);
    sendFrom = from;
    sendLimit = limit;
    sendPace = pace;
    return this;
  }

  /**
   * Expects the pattern.
   *
   * @param from the position in it
   * @param pace bytes a turn for which it gives window; 0 for none
   */
  public synchronized PatternStream reads(long from, long pace) {
    readFrom = from;
    readPace = pace;
    return this;
  }

  /** Reads as fast as it comes from now on. */
  public synchronized void readFast() {
    readPace = NO_END;
  }

  /**
   * Ends its body after that many bytes, or where it is, and reads all that comes; at full pace.
   */
  public synchronized void finish(long bytes) {
    sendLimit = Math.max(bytes, sent);
    sendPace = NO_END;
    readPace = NO_END;
  }

  // ---- what comes

  synchronized void heard(List<String> fields) {
    head = fields;
  }

  synchronized void end() {
    ended = true;
  }

  synchronized void window(long bytes) {
    sendWindow += bytes;
  }

  /** Takes a piece of the body; false when it is not as it should be. */
  synchronized boolean data(byte[] piece, int from, int length, int frameLength) {
    boolean right = Pattern.mismatch(readFrom + received, piece, from, length) < 0;
    received += length;
    owed += frameLength;
    return right;
  }

  // ---- its turn

  /** Writes what may go now; gives how many body bytes that were. */
  synchronized long turn(ByteArrayOutputStream out, long connectionWindow) {
    giveWindow(out);
    if (!waitingHead.isEmpty()) {
      boolean end = sendLimit == 0;
      int flags = RawHttp2.END_HEADERS | (end ? RawHttp2.END_STREAM : 0);
      byte[] block = Hpack.literals(waitingHead.toArray(String[]::new));
      out.writeBytes(RawHttp2.frame(RawHttp2.HEADERS, flags, id, block));
      waitingHead = List.of();
      headSent = true;
      sending = !end;
    }
    return headSent && sending ? body(out, connectionWindow) : 0;
  }

  private synchronized void giveWindow(ByteArrayOutputStream out) {
    long give = Math.min(owed, readPace);
    if (give > 0 && !ended) {
      out.writeBytes(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, id, RawHttp2.number((int) give)));
      owed -= give;
    }
  }

  private synchronized long body(ByteArrayOutputStream out, long connectionWindow) {
    long most = Math.min(Math.min(sendPace, MOST_IN_A_TURN), sendLimit - sent);
    long may = Math.min(most, Math.min(sendWindow, connectionWindow));
    long left = Math.max(0, may);
    while (left > 0) {
      int length = (int) Math.min(left, MOST_IN_A_FRAME);
      byte[] piece = Pattern.bytes(sendFrom + sent, length);
      sent += length;
      left -= length;
      sending = sent < sendLimit;
      int flags = sending ? 0 : RawHttp2.END_STREAM;
      out.writeBytes(RawHttp2.frame(RawHttp2.DATA, flags, id, piece));
    }
    if (sending && sent == sendLimit) {
      sending = false;
      out.writeBytes(RawHttp2.frame(RawHttp2.DATA, RawHttp2.END_STREAM, id, new byte[0]));
    }
    long gone = Math.max(0, may);
    sendWindow -= gone;
    return gone;
  }

  @Override
  public synchronized String toString() {
    return "stream %d: sent %d, received %d, ended %s, sending %s, window %d"
        .formatted(id, sent, received, ended, sending, sendWindow);
  }
}
