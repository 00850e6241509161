package dev.osprey.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One end of an HTTP/2 connection with frames under full control: it knows their layout (RFC 9113
 * section 4.1) and no rules. For one thread.
 */
public final class RawHttp2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int ACK = 1;
  public static final int END_HEADERS = 4;

  public static final int MAX_CONCURRENT_STREAMS = 3;
  public static final int INITIAL_WINDOW_SIZE = 4;
  public static final int ENABLE_CONNECT_PROTOCOL = 8;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final byte[] MARK = "in step!".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final DataInputStream in;
  private final List<Frame> seen = new ArrayList<>();
  private final Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();

  /** A frame as it came. */
  public record Frame(int type, int flags, int stream, byte[] payload) {
    /** Whether it is of this type and stream. */
    public boolean is(int wanted, int number) {
      return type == wanted && stream == number;
    }

    /** Whether nothing follows on its stream. */
    public boolean ends() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /** Four bytes of the payload as a number. */
    public int number(int at) {
      return ByteBuffer.wrap(payload).getInt(at);
    }

    @Override
    public String toString() {
      String numbers =
          switch (type) {
            case RST_STREAM, WINDOW_UPDATE -> " (" + number(0) + ")";
            case GOAWAY -> " (last " + number(0) + ", code " + number(4) + ")";
            default -> "";
          };
      return "type %d flags %d stream %d, %d bytes%s"
          .formatted(type, flags, stream, payload.length, numbers);
    }
  }

  private RawHttp2(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
  }

  /** Connects to a port of the loopback address; says the preface, and these settings. */
  public static RawHttp2 connect(int port, int... settings) {
    try {
      RawHttp2 peer = new RawHttp2(new Socket(InetAddress.getLoopbackAddress(), port));
      peer.socket.getOutputStream().write(PREFACE);
      return peer.settings(settings);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Waits for a client, reads its preface and says these settings. */
  public static RawHttp2 accept(ServerSocket server, int... settings) {
    return acceptSilently(server).settings(settings);
  }

  /** Waits for a client and reads its preface. */
  public static RawHttp2 acceptSilently(ServerSocket server) {
    try {
      server.setSoTimeout((int) PATIENCE.toMillis());
      RawHttp2 peer = new RawHttp2(server.accept());
      peer.in.skipNBytes(PREFACE.length);
      return peer;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The port of this end. */
  public int localPort() {
    return socket.getLocalPort();
  }

  // ---- sending

  /** Sends bytes. */
  public RawHttp2 send(byte[]... parts) {
    try {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] part : parts) {
        all.write(part);
      }
      socket.getOutputStream().write(all.toByteArray());
      return this;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Sends bytes to somebody who may close before it has taken them. */
  public RawHttp2 sendAsFarAsItGoes(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException closed) {
      // It has said why, which is to be read.
    }
    return this;
  }

  /** A frame's bytes. */
  public static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putShort((short) (payload.length >> 8))
        .put((byte) payload.length)
        .put((byte) type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  /** SETTINGS of numbers and values in turn. */
  public RawHttp2 settings(int... pairs) {
    ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
    for (int i = 0; i < pairs.length; i += 2) {
      payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
    }
    return send(frame(SETTINGS, 0, 0, payload.array()));
  }

  /** WINDOW_UPDATE of a stream, or of the connection with stream 0. */
  public RawHttp2 window(int stream, int bytes) {
    return send(frame(WINDOW_UPDATE, 0, stream, number(bytes)));
  }

  /** GOAWAY without an error. */
  public RawHttp2 goaway(int last) {
    return send(frame(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(0).array()));
  }

  /** A HEADERS frame with a whole block of plain literals. */
  public RawHttp2 headers(int stream, boolean end, String... fields) {
    int flags = END_HEADERS | (end ? END_STREAM : 0);
    return send(frame(HEADERS, flags, stream, Hpack.literals(fields)));
  }

  /** A request of a path on the host {@code a}. */
  public RawHttp2 request(int stream, boolean end, String method, String path) {
    return headers(
        stream, end, ":method", method, ":scheme", "http", ":path", path, ":authority", "a");
  }

  /** DATA in frames of at most 16 KiB. */
  public RawHttp2 data(int stream, byte[] body, boolean end) {
    for (int at = 0; at < body.length; at += 16_384) {
      int to = Math.min(body.length, at + 16_384);
      int flags = end && to == body.length ? END_STREAM : 0;
      send(frame(DATA, flags, stream, Arrays.copyOfRange(body, at, to)));
    }
    return this;
  }

  /** Four bytes. */
  public static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  // ---- receiving

  /** The next frame, whatever it is. */
  public Frame next() {
    try {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      Frame frame = new Frame(type, flags, stream, in.readNBytes(length));
      seen.add(frame);
      if (type == DATA) {
        bodies
            .computeIfAbsent(stream, any -> new ByteArrayOutputStream())
            .writeBytes(frame.payload);
      }
      return frame;
    } catch (IOException broken) {
      throw new UncheckedIOException("after " + summary(), broken);
    }
  }

  /** What was read, with rows of frames that look the same told once. */
  private String summary() {
    StringBuilder text = new StringBuilder();
    String last = "";
    int row = 0;
    for (Frame frame : seen) {
      String now = frame.toString();
      if (!now.equals(last)) {
        text.append(row > 1 ? " x " + row : "").append(text.isEmpty() ? "" : "; ").append(now);
        row = 0;
      }
      last = now;
      row++;
    }
    return text.append(row > 1 ? " x " + row : "").toString();
  }

  /** The next frame that fits; those before it are only remembered. */
  public Frame await(Predicate<Frame> wanted) {
    for (Frame frame = next(); ; frame = next()) {
      if (wanted.test(frame)) {
        return frame;
      }
    }
  }

  /** The next head of a stream, as {@code name: value} lines. */
  public List<String> awaitHead(int stream) {
    return Hpack.fields(await(frame -> frame.is(HEADERS, stream)).payload());
  }

  /** The body bytes of a stream that have been read. */
  public byte[] body(int stream) {
    ByteArrayOutputStream body = bodies.get(stream);
    return body == null ? new byte[0] : body.toByteArray();
  }

  /** Reads until so many body bytes have come on all streams together. */
  public RawHttp2 awaitBytes(int bytes) {
    while (bodies.values().stream().mapToInt(ByteArrayOutputStream::size).sum() < bytes) {
      var _ = next();
    }
    return this;
  }

  /**
   * Sends bytes behind a PING and waits for its answer: then the other end has read them too, for
   * both were sent at once.
   */
  public RawHttp2 sendAndAwaitRead(byte[] bytes) {
    send(frame(PING, 0, 0, MARK), bytes);
    var _ = await(RawHttp2::isMark);
    return this;
  }

  /** Sends a PING and waits for its answer: all that was sent before is dealt with. */
  public RawHttp2 inStep() {
    return sendAndAwaitRead(new byte[0]);
  }

  private static boolean isMark(Frame frame) {
    return frame.type == PING && frame.flags == ACK && Arrays.equals(frame.payload, MARK);
  }

  /** All frames that have been read. */
  public List<Frame> seen() {
    return seen;
  }

  /** How many frames of a type have been read. */
  public long count(int type) {
    return seen.stream().filter(frame -> frame.type == type).count();
  }

  /** Reads to the end of the connection; false when it ended by a reset. */
  public boolean awaitEnd() {
    try {
      while (true) {
        var _ = next();
      }
    } catch (UncheckedIOException ended) {
      return ended.getCause() instanceof EOFException;
    }
  }

  /** Breaks the connection by a reset. */
  public void abort() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
