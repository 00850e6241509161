package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * One answer of an {@link Upstream}; written when its turn has come, as far as the connection takes
 * it.
 */
sealed interface Answer {

  /** Whether the answer is known; one that waits for the request's body is not, at first. */
  default boolean isReady() {
    return true;
  }

  /**
   * Writes what it can now.
   *
   * @return nanoseconds after which to go on, 0 to go on when all is flushed, or {@link #DONE}
   */
  long write(Wire wire);

  /** Nothing is left to write. */
  long DONE = -1;

  /** An answer that is there at once. */
  final class Whole implements Answer {
    private final byte[] bytes;

    Whole(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long write(Wire wire) {
      wire.write(bytes);
      return DONE;
    }
  }

  /** The answer to an upload; known once the body has ended. */
  final class Sink implements Answer {
    private final Digest digest = new Digest();
    private byte @Nullable [] answer;

    Digest digest() {
      return digest;
    }

    void finish(byte[] bytes) {
      answer = bytes;
    }

    @Override
    public boolean isReady() {
      return answer != null;
    }

    @Override
    public long write(Wire wire) {
      if (answer != null) {
        wire.write(answer);
      }
      return DONE;
    }
  }

  /** A long body of pattern bytes, in pieces, perhaps chunked, perhaps slowly. */
  final class Body implements Answer {
    private static final int UNPACED_BYTES = 64 * 1024;
    private final byte[] head;
    private final long length;
    private final boolean chunked;
    private final int pieceBytes;
    private final long pauseNanos;
    private long sent;
    private boolean headSent;

    Body(byte[] head, long length, boolean chunked, int pieceBytes, long pauseNanos) {
      this.head = head;
      this.length = length;
      this.chunked = chunked;
      this.pieceBytes = pieceBytes;
      this.pauseNanos = pauseNanos;
    }

    @Override
    public long write(Wire wire) {
      if (!headSent) {
        headSent = true;
        wire.write(head);
      }
      int budget = pauseNanos > 0 ? pieceBytes : UNPACED_BYTES;
      while (sent < length && budget > 0) {
        budget -= piece(wire);
      }
      if (sent < length) {
        return pauseNanos;
      }
      if (chunked) {
        wire.write("0\r\nx-sent: %d\r\n\r\n".formatted(length).getBytes(ISO_8859_1));
      }
      return DONE;
    }

    private int piece(Wire wire) {
      int part = (int) Math.min(pieceBytes, length - sent);
      if (chunked) {
        wire.write((Integer.toHexString(part) + "\r\n").getBytes(ISO_8859_1));
      }
      int written = Pattern.write(wire, sent, part);
      if (chunked) {
        wire.write("\r\n".getBytes(ISO_8859_1));
      }
      sent += written;
      return written;
    }
  }
}
