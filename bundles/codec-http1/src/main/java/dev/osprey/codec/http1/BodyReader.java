package dev.osprey.codec.http1;

import dev.osprey.http.common.Chars;
import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Provenance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Reads the body of one message after another: by length, in chunks with extensions and trailers
 * (RFC 9112 section 7.1), or until the connection ends. Body bytes leave as slices.
 */
final class BodyReader {
  /** What {@link #read} found. */
  enum Found {
    /** Nothing without more bytes. */
    NOTHING,
    /** Body bytes: see {@link #takeData}; perhaps the last, see {@link #isDone}. */
    DATA,
    /** The end, without bytes or trailers. */
    END,
    /** The end, with trailers: see {@link #trailers}. */
    TRAILERS,
    /** A broken rule: see {@link #fault}. */
    FAULT
  }

  /** Where in the body the next byte stands. Ordinals are part of the state record: append only. */
  private enum At {
    DONE,
    LENGTH,
    UNTIL_CLOSE,
    SIZE,
    SIZE_SPACE,
    EXTENSION,
    QUOTED,
    ESCAPED,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS
  }

  private static final At[] ALL = At.values();
  private static final int MAX_DIGITS = 64;
  private static final long LAST_CHUNK = 0x0d0a300d0a0d0aL; // CRLF 0 CRLF CRLF

  private final Limits limits;
  private final boolean keepsTrailers;
  private final HeadScanner scanner;
  private final HeadLoader loader;
  private final Fields trailers = new Fields(0, 0);

  private At at = At.DONE;
  private long remaining;
  private int digits;
  private int extensionBytes;
  private int extensionBytesTotal;
  private ByteBuf data = Unpooled.EMPTY_BUFFER;
  private Fault fault = Fault.CHUNK_SIZE;

  BodyReader(Http1Config config, Provenance own, HeadScanner scanner) {
    this.limits = config.limits();
    this.keepsTrailers = config.enableTrailers();
    this.scanner = scanner;
    this.loader = new HeadLoader(own, limits.maxTrailerBytes());
  }

  /** There is no body. */
  void beginNone() {
    at = At.DONE;
  }

  /** A body of so many bytes. */
  void beginLength(long length) {
    remaining = length;
    at = length == 0 ? At.DONE : At.LENGTH;
  }

  /** A body in chunks. */
  void beginChunked() {
    extensionBytesTotal = 0;
    beginChunk();
  }

  /** A body that ends with the connection. */
  void beginUntilClose() {
    at = At.UNTIL_CLOSE;
  }

  /** True when the body has been read to its end. */
  boolean isDone() {
    return at == At.DONE;
  }

  /** True when the end of the connection is the end of the body. */
  boolean endsWithConnection() {
    return at == At.UNTIL_CLOSE;
  }

  /** True when it is known that no more than {@code bytes} are missing. */
  boolean isAlmostDone(long bytes) {
    return at == At.DONE || (at == At.LENGTH && remaining <= bytes);
  }

  /** The bytes found, which the caller owns. */
  ByteBuf takeData() {
    ByteBuf taken = data;
    data = Unpooled.EMPTY_BUFFER;
    return taken;
  }

  /** The trailers found; valid until the next read. */
  Fields trailers() {
    return trailers;
  }

  Fault fault() {
    return fault;
  }

  /** Reads on to the next thing to report. */
  Found read(ByteBuf in) {
    while (in.isReadable()) {
      switch (at) {
        case DONE -> {
          return Found.END;
        }
        case LENGTH, UNTIL_CLOSE, DATA -> {
          return take(in);
        }
        case TRAILERS -> {
          return readTrailers(in);
        }
        case SIZE, SIZE_SPACE, EXTENSION, QUOTED, ESCAPED, SIZE_LF, DATA_CR, DATA_LF -> {
          if (!step(in.readByte())) {
            return Found.FAULT;
          }
        }
      }
    }
    return Found.NOTHING;
  }

  private Found take(ByteBuf in) {
    int length = in.readableBytes();
    if (at != At.UNTIL_CLOSE) {
      length = (int) Math.min(length, remaining);
      remaining -= length;
    }
    data = in.readRetainedSlice(length);
    if (remaining == 0 && at == At.LENGTH) {
      at = At.DONE;
    } else if (remaining == 0 && at == At.DATA) {
      at = At.DATA_CR;
      skipLastChunk(in);
    }
    return Found.DATA;
  }

  /** Takes the usual end of a chunked body together with its last data. */
  private void skipLastChunk(ByteBuf in) {
    int begin = in.readerIndex();
    if (in.readableBytes() >= 7
        && (((long) in.getUnsignedMedium(begin) << 32) | in.getUnsignedInt(begin + 3))
            == LAST_CHUNK) {
      in.skipBytes(7);
      at = At.DONE;
    }
  }

  private boolean step(byte b) {
    return switch (at) {
      case SIZE -> size(b);
      case SIZE_SPACE ->
          b == ';'
              ? extension(At.EXTENSION)
              : isSpace(b) ? extension(At.SIZE_SPACE) : bad(Fault.CHUNK_SIZE);
      case EXTENSION ->
          switch (b) {
            case Chars.CR -> go(At.SIZE_LF);
            case '"' -> extension(At.QUOTED);
            default -> Chars.isValue(b) ? extension(At.EXTENSION) : bad(Fault.CHUNK_EXTENSION);
          };
      case QUOTED ->
          switch (b) {
            case '"' -> extension(At.EXTENSION);
            case '\\' -> extension(At.ESCAPED);
            default -> Chars.isValue(b) ? extension(At.QUOTED) : bad(Fault.CHUNK_EXTENSION);
          };
      case ESCAPED -> Chars.isValue(b) ? extension(At.QUOTED) : bad(Fault.CHUNK_EXTENSION);
      case SIZE_LF -> b == Chars.LF ? endOfSize() : bad(Fault.CHUNK_SIZE);
      case DATA_CR -> b == Chars.CR ? go(At.DATA_LF) : bad(Fault.CHUNK_END);
      case DATA_LF -> b == Chars.LF ? beginChunk() : bad(Fault.CHUNK_END);
      case DONE, LENGTH, UNTIL_CLOSE, DATA, TRAILERS -> throw new IllegalStateException(at.name());
    };
  }

  private boolean size(byte b) {
    int digit = Chars.hexDigit(b);
    if (digit >= 0) {
      if (remaining > Long.MAX_VALUE >> 4 || ++digits > MAX_DIGITS) {
        return bad(Fault.CHUNK_SIZE);
      }
      remaining = (remaining << 4) | digit;
      return true;
    }
    if (digits == 0) {
      return bad(Fault.CHUNK_SIZE);
    }
    return switch (b) {
      case Chars.CR -> go(At.SIZE_LF);
      case ';' -> extension(At.EXTENSION);
      case ' ', Chars.TAB -> extension(At.SIZE_SPACE);
      default -> bad(Fault.CHUNK_SIZE);
    };
  }

  private boolean extension(At next) {
    extensionBytes++;
    extensionBytesTotal++;
    boolean fits =
        extensionBytes <= limits.maxChunkExtensionBytes()
            && extensionBytesTotal <= limits.maxChunkExtensionBytesTotal();
    return fits ? go(next) : bad(Fault.CHUNK_EXTENSION_TOO_LONG);
  }

  private boolean endOfSize() {
    loader.reset();
    return go(remaining == 0 ? At.TRAILERS : At.DATA);
  }

  private boolean beginChunk() {
    remaining = 0;
    digits = extensionBytes = 0;
    return go(At.SIZE);
  }

  private Found readTrailers(ByteBuf in) {
    while (true) {
      int limit = loader.load(in, trailers, 0);
      if (limit == 0) {
        return loader.isOver(in) ? fault(Fault.TRAILERS_TOO_LARGE) : Found.NOTHING;
      }
      int length = scanner.trailers(trailers, limit);
      if (length > limits.maxTrailerBytes()) {
        return fault(Fault.TRAILERS_TOO_LARGE);
      }
      if (length > 0) {
        in.skipBytes(length);
        at = At.DONE;
        return keepsTrailers && trailers.size() > 0 ? Found.TRAILERS : Found.END;
      }
      if (length == HeadScanner.BAD || loader.isWhole()) {
        return fault(scanner.fault());
      }
    }
  }

  private Found fault(Fault why) {
    fault = why;
    return Found.FAULT;
  }

  private boolean bad(Fault why) {
    fault = why;
    return false;
  }

  private boolean go(At next) {
    at = next;
    return true;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == Chars.TAB;
  }

  /** Writes the state into a record. */
  void save(StateWriter record) {
    record.choice(at).number(remaining).number(digits);
    record.number(extensionBytes).number(extensionBytesTotal);
  }

  /** Goes on from a record. */
  void restore(StateReader record) {
    at = record.choice(ALL);
    remaining = record.number();
    digits = record.integer();
    extensionBytes = record.integer();
    extensionBytesTotal = record.integer();
  }
}
