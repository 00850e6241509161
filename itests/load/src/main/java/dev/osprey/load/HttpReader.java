package dev.osprey.load;

import java.util.Arrays;

/**
 * An incremental reader of HTTP/1.1 messages in one direction of a connection; strict, and made for
 * checking.
 */
public final class HttpReader {
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final int MAX_LINE_BYTES = 4096;

  /** Which messages are read. */
  public enum Side {
    REQUESTS,
    RESPONSES
  }

  /** How a message goes on after its head. */
  public enum After {
    /** As its fields say. */
    FRAMED,
    /** No body, whatever its fields say: the answer to a HEAD, 204, 304. */
    NO_BODY,
    /** An interim head (1xx): not yet the message, no {@link Events#end}. */
    INTERIM,
    /** Everything that follows is opaque and arrives as body. */
    RAW
  }

  /** What the reader finds. */
  public interface Events {
    /** A head is complete; it is lent until this call returns. */
    After head(HttpHead head);

    /** A piece of the body, lent until this call returns. */
    void body(byte[] bytes, int from, int length);

    /** The message is complete. */
    void end();

    /** The bytes are not HTTP; nothing more will be read. */
    void malformed(String why);
  }

  private enum State {
    HEAD,
    LENGTH,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    RAW,
    BROKEN
  }

  private final Side side;
  private final Events events;
  private final HttpHead head = new HttpHead();
  private byte[] kept = new byte[512];
  private int keptLength;
  private long remaining;
  private State state = State.HEAD;

  HttpReader(Side side, Events events) {
    this.side = side;
    this.events = events;
  }

  /** Whether the reader stands between two messages, with no byte of the next one seen. */
  public boolean isIdle() {
    return state == State.HEAD && keptLength == 0;
  }

  /** Takes the next bytes of the connection. */
  public void feed(byte[] bytes, int from, int length) {
    int at = from;
    int end = from + length;
    while (at < end && state != State.BROKEN) {
      at = step(bytes, at, end);
    }
  }

  /**
   * The peer has ended its side.
   *
   * @return whether that was a legal place to end
   */
  public boolean endOfInput() {
    if (state == State.UNTIL_CLOSE) {
      state = State.HEAD;
      events.end();
      return true;
    }
    return isIdle() || state == State.RAW;
  }

  /** Reads nothing more; safe to call from inside an event. */
  public void stop() {
    state = State.BROKEN;
  }

  private int step(byte[] bytes, int at, int end) {
    return switch (state) {
      case HEAD -> readHead(bytes, at, end);
      case LENGTH, CHUNK_DATA -> readCounted(bytes, at, end);
      case UNTIL_CLOSE, RAW -> readAll(bytes, at, end);
      case CHUNK_SIZE, CHUNK_END, TRAILERS -> readLine(bytes, at, end);
      case BROKEN -> end;
    };
  }

  private int readHead(byte[] bytes, int at, int end) {
    if (keptLength == 0) {
      int headEnd = headEnd(bytes, at, end);
      if (headEnd >= 0) {
        startMessage(bytes, at, headEnd);
        return headEnd;
      }
      keep(bytes, at, end - at);
      return end;
    }
    int before = keptLength;
    keep(bytes, at, Math.min(end - at, MAX_HEAD_BYTES));
    int headEnd = headEnd(kept, Math.max(0, before - 3), keptLength);
    if (headEnd >= 0) {
      keptLength = 0;
      startMessage(kept, 0, headEnd);
      return at + headEnd - before;
    }
    if (keptLength >= MAX_HEAD_BYTES) {
      broken("head longer than " + MAX_HEAD_BYTES + " bytes");
    }
    return at + keptLength - before;
  }

  private void startMessage(byte[] bytes, int from, int to) {
    head.set(bytes, from, to);
    if (side == Side.RESPONSES && head.status() < 0) {
      broken("not a status line: " + head.startLine());
      return;
    }
    HttpReader.After after = events.head(head);
    if (state == State.BROKEN) {
      return;
    }
    switch (after) {
      case FRAMED -> frame();
      case NO_BODY -> events.end();
      case INTERIM -> state = State.HEAD;
      case RAW -> state = State.RAW;
    }
  }

  private void frame() {
    int length = head.find("content-length");
    int coding = head.find("transfer-encoding");
    if (coding >= 0) {
      if (length >= 0 || !head.valueIs(coding, "chunked")) {
        broken("ambiguous framing");
      } else {
        state = State.CHUNK_SIZE;
      }
    } else if (length >= 0) {
      frameByLength(head.number(length));
    } else if (side == Side.RESPONSES) {
      state = State.UNTIL_CLOSE;
    } else {
      events.end();
    }
  }

  private void frameByLength(long length) {
    if (length < 0) {
      broken("Content-Length is not a number");
    } else if (length == 0) {
      events.end();
    } else {
      remaining = length;
      state = State.LENGTH;
    }
  }

  private int readCounted(byte[] bytes, int at, int end) {
    int part = (int) Math.min(remaining, end - at);
    remaining -= part;
    boolean last = remaining == 0;
    events.body(bytes, at, part);
    if (last && state == State.CHUNK_DATA) {
      state = State.CHUNK_END;
    } else if (last && state == State.LENGTH) {
      state = State.HEAD;
      events.end();
    }
    return at + part;
  }

  private int readAll(byte[] bytes, int at, int end) {
    events.body(bytes, at, end - at);
    return end;
  }

  private int readLine(byte[] bytes, int at, int end) {
    for (int i = at; i < end; i++) {
      if (bytes[i] == '\n') {
        keep(bytes, at, i + 1 - at);
        int length = keptLength;
        keptLength = 0;
        line(length);
        return i + 1;
      }
    }
    keep(bytes, at, end - at);
    if (keptLength > MAX_LINE_BYTES) {
      broken("line longer than " + MAX_LINE_BYTES + " bytes");
    }
    return end;
  }

  private void line(int length) {
    if (length < 2 || kept[length - 2] != '\r') {
      broken("line without CR");
      return;
    }
    int text = length - 2;
    switch (state) {
      case CHUNK_SIZE -> chunkSize(text);
      case CHUNK_END -> chunkEnd(text);
      case TRAILERS -> trailer(text);
      case HEAD, LENGTH, UNTIL_CLOSE, CHUNK_DATA, RAW, BROKEN -> broken("line in state " + state);
    }
  }

  private void chunkSize(int length) {
    long size = 0;
    int i = 0;
    for (; i < length && kept[i] != ';' && kept[i] != ' '; i++) {
      int digit = Character.digit(kept[i], 16);
      if (digit < 0 || i > 14) {
        broken("not a chunk size");
        return;
      }
      size = size * 16 + digit;
    }
    if (i == 0) {
      broken("empty chunk size");
    } else {
      remaining = size;
      state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
    }
  }

  private void chunkEnd(int length) {
    if (length == 0) {
      state = State.CHUNK_SIZE;
    } else {
      broken("chunk longer than its size");
    }
  }

  private void trailer(int length) {
    if (length == 0) {
      state = State.HEAD;
      events.end();
    }
  }

  private void broken(String why) {
    state = State.BROKEN;
    events.malformed(why);
  }

  private void keep(byte[] bytes, int from, int length) {
    if (keptLength + length > kept.length) {
      kept = Arrays.copyOf(kept, Math.max(kept.length * 2, keptLength + length));
    }
    System.arraycopy(bytes, from, kept, keptLength, length);
    keptLength += length;
  }

  /** The index behind the empty line that ends a head, or -1. */
  private static int headEnd(byte[] bytes, int from, int to) {
    for (int i = from + 3; i < to; i++) {
      if (bytes[i] == '\n'
          && bytes[i - 1] == '\r'
          && bytes[i - 2] == '\n'
          && bytes[i - 3] == '\r') {
        return i + 1;
      }
    }
    return -1;
  }
}
