package dev.osprey.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One HTTP/1.1 client connection to the loopback address, as bare as can be: it never retries. */
final class HttpConnection implements Closeable {
  private static final int MAX_LINE = 16_384;

  /** The head of an answer; names are in lower case. */
  record Head(int status, Map<String, String> fields) {
    boolean saysClose() {
      return "close".equalsIgnoreCase(fields.get("connection"));
    }
  }

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private HttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), 16_384);
    this.out = socket.getOutputStream();
  }

  /** Connects; whatever takes longer than the timeout later fails. */
  static HttpConnection open(int port, Duration timeout) throws IOException {
    Socket socket = new Socket();
    try {
      int millis = Math.toIntExact(timeout.toMillis());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), millis);
      return new HttpConnection(socket);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  /** Writes a request; the text is the whole of it, line ends included. */
  void send(String request) throws IOException {
    out.write(request.getBytes(ISO_8859_1));
  }

  /** Reads the head of the next answer. */
  Head readHead() throws IOException {
    String[] start = line().split(" ", 3);
    if (start.length < 2 || !start[0].startsWith("HTTP/1.")) {
      throw new IOException("not a status line: " + String.join(" ", start));
    }
    Map<String, String> fields = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("not a field: " + line);
      }
      fields.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Head(Integer.parseInt(start[1]), fields);
  }

  /** Reads the body that belongs to a head, to its very end. */
  void readBody(Head head, OutputStream to) throws IOException {
    if ("chunked".equalsIgnoreCase(head.fields().get("transfer-encoding"))) {
      readChunks(to);
    } else {
      copy(Long.parseLong(head.fields().getOrDefault("content-length", "0")), to);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void readChunks(OutputStream to) throws IOException {
    while (true) {
      long size = Long.parseLong(line().split(";", 2)[0].strip(), 16);
      if (size == 0) {
        while (!line().isEmpty()) {
          // Trailers mean nothing here.
        }
        return;
      }
      copy(size, to);
      if (!line().isEmpty()) {
        throw new IOException("a chunk is longer than it says");
      }
    }
  }

  private void copy(long count, OutputStream to) throws IOException {
    for (long left = count; left > 0; ) {
      byte[] block = in.readNBytes((int) Math.min(left, 16_384));
      if (block.length == 0) {
        throw new EOFException("connection closed within a body");
      }
      to.write(block);
      left -= block.length;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < MAX_LINE) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("connection closed");
      }
      if (next == '\n') {
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
      line.append((char) next);
    }
    throw new IOException("a line is too long");
  }
}
