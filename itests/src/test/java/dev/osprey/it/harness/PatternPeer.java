package dev.osprey.it.harness;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of an HTTP/2 connection on which many streams carry a pattern at once, each at its pace,
 * within all windows. It checks every byte that comes, tries nothing twice, and remembers each
 * reset and goodbye.
 *
 * <p>For any thread. What comes is read by a thread of its own, which never writes; what goes is
 * written in turns by another.
 */
public final class PatternPeer implements AutoCloseable {
  private static final int TURN_MILLIS = 5;
  private static final int MOST_WAITING = 1 << 20;
  private static final int CONNECTION_WINDOW = 1 << 20;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final DataInputStream in;
  private final BiConsumer<PatternPeer, PatternStream> onHead;
  private final ScheduledExecutorService turns =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
  private final Map<Integer, PatternStream> streams = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<Goodbye> goodbyes = new ArrayList<>();
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private long sendWindow = 65_535;
  private long initialWindow = 65_535;
  private int owed;
  private int nextStream = 1;
  private boolean closed;
  private boolean over;

  /** A GOAWAY that came. */
  public record Goodbye(int lastStream, int code) {}

  private PatternPeer(Socket socket, BiConsumer<PatternPeer, PatternStream> onHead)
      throws IOException {
    this.socket = socket;
    this.onHead = onHead;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), MOST_WAITING));
    socket.setTcpNoDelay(true);
  }

  /** Connects to a port of the loopback address. */
  public static PatternPeer connect(int port, int... settings) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      PatternPeer peer = new PatternPeer(socket, (self, stream) -> {});
      peer.waiting.writeBytes(PREFACE);
      return peer.begin(settings);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /**
   * Serves a client; {@code onHead} says what becomes of each stream, and is called in its lock.
   */
  static PatternPeer serve(
      Socket socket, BiConsumer<PatternPeer, PatternStream> onHead, int... settings)
      throws IOException {
    PatternPeer peer = new PatternPeer(socket, onHead);
    peer.in.skipNBytes(PREFACE.length);
    return peer.begin(settings);
  }

  private PatternPeer begin(int... settings) {
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    waiting.writeBytes(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, payload.array()));
    waiting.writeBytes(
        RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(CONNECTION_WINDOW)));
    Thread.ofVirtual().name("pattern-reader").start(this::read);
    var _ = turns.scheduleWithFixedDelay(this::turn, 0, TURN_MILLIS, TimeUnit.MILLISECONDS);
    return this;
  }

  // ---- what tests ask

  /** Opens a stream, which a test then tells what to send. */
  public synchronized PatternStream open() {
    PatternStream stream = new PatternStream(nextStream, initialWindow);
    streams.put(nextStream, stream);
    nextStream += 2;
    return stream;
  }

  /** All streams so far. */
  public synchronized List<PatternStream> streams() {
    return List.copyOf(streams.values());
  }

  /** What was wrong: bytes, resets, a lost connection. */
  public synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** Goodbyes of the other side. */
  public synchronized List<Goodbye> goodbyes() {
    return List.copyOf(goodbyes);
  }

  /** Whether the other side has closed the connection. */
  public synchronized boolean isOver() {
    return over;
  }

  /** Body bytes that have come on all streams. */
  public synchronized long received() {
    return streams.values().stream().mapToLong(PatternStream::received).sum();
  }

  /** The port of this end. */
  public int localPort() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    turns.shutdownNow();
    try {
      socket.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  // ---- writing

  private void turn() {
    try {
      byte[] bytes = next();
      if (bytes.length > 0) {
        socket.getOutputStream().write(bytes);
      }
    } catch (IOException broken) {
      problem("write: " + broken);
      turns.shutdown();
    }
  }

  private synchronized byte[] next() {
    if (owed > 0) {
      waiting.writeBytes(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(owed)));
      owed = 0;
    }
    for (PatternStream stream : streams.values()) {
      sendWindow -= stream.turn(waiting, sendWindow);
    }
    byte[] all = waiting.toByteArray();
    waiting.reset();
    return all;
  }

  // ---- reading

  private void read() {
    try {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        frame(type, flags, stream, in.readNBytes(length));
      }
    } catch (EOFException ended) {
      end("closed");
    } catch (IOException broken) {
      end(broken.toString());
    }
  }

  /** Closes too; what was still to be sent is of no use. */
  private void end(String how) {
    over(how);
    turns.shutdown();
    try {
      socket.close();
    } catch (IOException broken) {
      problem("close: " + broken);
    }
  }

  private synchronized void over(String how) {
    over = true;
    boolean polite =
        !goodbyes.isEmpty() && streams.values().stream().allMatch(PatternStream::isDone);
    if (!(polite && how.equals("closed"))) {
      problem("the connection ended: " + how);
    }
  }

  private synchronized void problem(String text) {
    if (!closed && !(over && text.startsWith("write"))) {
      problems.add(text);
    }
  }

  private synchronized void frame(int type, int flags, int id, byte[] payload) {
    PatternStream stream = streams.get(id);
    switch (type) {
      case RawHttp2.DATA -> data(stream, flags, id, payload);
      case RawHttp2.HEADERS -> head(stream, flags, id, payload);
      case RawHttp2.SETTINGS -> settings(flags, payload);
      case RawHttp2.PING -> ping(flags, payload);
      case RawHttp2.WINDOW_UPDATE -> window(stream, id, ByteBuffer.wrap(payload).getInt());
      case RawHttp2.GOAWAY -> goaway(ByteBuffer.wrap(payload));
      default -> problem("type %d on stream %d: %s".formatted(type, id, Arrays.toString(payload)));
    }
  }

  private void data(@Nullable PatternStream stream, int flags, int id, byte[] payload) {
    owed += payload.length;
    if (stream == null || (flags & ~RawHttp2.END_STREAM) != 0) {
      problem("DATA on stream " + id + " with flags " + flags);
    } else if (!stream.data(payload, 0, payload.length, payload.length)) {
      problem("wrong bytes: " + stream);
    }
    end(stream, flags);
  }

  private void head(@Nullable PatternStream known, int flags, int id, byte[] payload) {
    PatternStream stream = known;
    if (stream == null) {
      stream = new PatternStream(id, initialWindow);
      streams.put(id, stream);
    }
    stream.heard(Hpack.fields(payload));
    end(stream, flags);
    onHead.accept(this, stream);
  }

  private static void end(@Nullable PatternStream stream, int flags) {
    if (stream != null && (flags & RawHttp2.END_STREAM) != 0) {
      stream.end();
    }
  }

  private void settings(int flags, byte[] payload) {
    if ((flags & RawHttp2.ACK) != 0) {
      return;
    }
    for (ByteBuffer pairs = ByteBuffer.wrap(payload); pairs.hasRemaining(); ) {
      int name = pairs.getShort();
      long value = pairs.getInt();
      if (name == RawHttp2.INITIAL_WINDOW_SIZE) {
        long more = value - initialWindow;
        streams.values().forEach(stream -> stream.window(more));
        initialWindow = value;
      }
    }
    waiting.writeBytes(RawHttp2.frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0, new byte[0]));
  }

  private void ping(int flags, byte[] payload) {
    if ((flags & RawHttp2.ACK) == 0) {
      waiting.writeBytes(RawHttp2.frame(RawHttp2.PING, RawHttp2.ACK, 0, payload));
    }
  }

  private void window(@Nullable PatternStream stream, int id, int bytes) {
    if (id == 0) {
      sendWindow += bytes;
    } else if (stream != null) {
      stream.window(bytes);
    }
  }

  private void goaway(ByteBuffer payload) {
    goodbyes.add(new Goodbye(payload.getInt(), payload.getInt()));
  }

  @Override
  public synchronized String toString() {
    return problems + " " + goodbyes + " " + streams.values();
  }
}
