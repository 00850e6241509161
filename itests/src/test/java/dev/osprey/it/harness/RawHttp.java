package dev.osprey.it.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A socket with bytes under full control; text is ISO 8859-1, so that every byte can be said. */
public final class RawHttp implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern LENGTH =
      Pattern.compile("(?i)\\r\\ncontent-length:[ \\t]*(\\d+)[ \\t]*\\r\\n");
  private static final Pattern CHUNKED =
      Pattern.compile("(?i)\\r\\ntransfer-encoding:[ \\t]*chunked[ \\t]*\\r\\n");

  private final Socket socket;
  private final InputStream in;

  private RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
  }

  /** Connects to a port of the loopback address. */
  public static RawHttp connect(int port) {
    try {
      return new RawHttp(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  /** Wraps a socket that was accepted. */
  static RawHttp of(Socket socket) throws IOException {
    return new RawHttp(socket);
  }

  /** Sends bytes on a new connection and reads until the other side ends it. */
  public static String exchange(int port, String bytes) {
    try (RawHttp http = connect(port)) {
      return http.send(bytes).readToEnd();
    }
  }

  /** Sends bytes. */
  public RawHttp send(String bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Ends this direction; the other one stays open. */
  public RawHttp end() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Breaks the connection by a reset. */
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Reads one message with the body that its head announces, interim heads apart. */
  public String readMessage() {
    String head = readHead();
    return head.isEmpty() || isBodiless(head) ? head : head + readBody(head);
  }

  /** Reads a head with its empty line; empty when the peer ended before its first byte. */
  public String readHead() {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = readByte();
      if (next < 0) {
        return head.toString();
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** Reads the body that a head announces, chunks and trailers as they are on the wire. */
  public String readBody(String head) {
    Matcher length = LENGTH.matcher(head);
    if (CHUNKED.matcher(head).find()) {
      return readChunks();
    }
    return length.find() ? read(Integer.parseInt(length.group(1))) : "";
  }

  /** Reads so many bytes, or fewer if the peer ends. */
  public String read(int count) {
    try {
      return new String(in.readNBytes(count), StandardCharsets.ISO_8859_1);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Reads so many bytes and forgets them; gives how many there were before the peer ended. */
  public long skip(long count) {
    try {
      byte[] buffer = new byte[64 * 1024];
      long left = count;
      int n = 0;
      while (left > 0 && n >= 0) {
        left -= n;
        n = left > 0 ? in.read(buffer, 0, (int) Math.min(left, buffer.length)) : 0;
      }
      return count - left;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Reads until the peer ends; a reset counts as an end, and {@code <reset>} is appended. */
  public String readToEnd() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
      return all.toString(StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException still) {
      throw new AssertionError(
          "still open after " + PATIENCE + ": " + all.toString(StandardCharsets.ISO_8859_1), still);
    } catch (IOException reset) {
      return all.toString(StandardCharsets.ISO_8859_1) + "<reset>";
    }
  }

  /** Whether no byte and no end arrives within that time. */
  public boolean isQuietFor(Duration time) {
    try {
      socket.setSoTimeout((int) time.toMillis());
      int next = in.read();
      throw new AssertionError("not quiet: " + (next < 0 ? "end" : "byte " + next));
    } catch (SocketTimeoutException quiet) {
      return restored();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The local port. */
  public int localPort() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The status of an answer, or -1. */
  public static int status(String answer) {
    return answer.matches("(?s)HTTP/1\\.[01] \\d{3}.*")
        ? Integer.parseInt(answer.substring(9, 12))
        : -1;
  }

  private boolean restored() {
    try {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      return true;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static boolean isBodiless(String head) {
    int status = status(head);
    return (status >= 100 && status < 200) || status == 204 || status == 304;
  }

  private String readChunks() {
    StringBuilder chunks = new StringBuilder();
    while (true) {
      String line = readLine();
      chunks.append(line);
      String size = line.strip().split("[; \\t]", 2)[0].toLowerCase(Locale.ROOT);
      if (!size.matches("[0-9a-f]{1,7}")) {
        return chunks.toString();
      }
      int count = Integer.parseInt(size, 16);
      if (count == 0) {
        return chunks.append(readTrailers()).toString();
      }
      chunks.append(read(count + 2));
    }
  }

  private String readTrailers() {
    StringBuilder trailers = new StringBuilder();
    String line;
    do {
      line = readLine();
      trailers.append(line);
    } while (line.endsWith("\n") && !line.equals("\r\n"));
    return trailers.toString();
  }

  private String readLine() {
    StringBuilder line = new StringBuilder();
    int next;
    do {
      next = readByte();
      if (next >= 0) {
        line.append((char) next);
      }
    } while (next >= 0 && next != '\n');
    return line.toString();
  }

  private int readByte() {
    try {
      return in.read();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
