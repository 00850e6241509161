package dev.osprey.it.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An upstream that answers every request with a huge body, and counts what it could send of it; but
 * {@code /} with a short 200.
 */
public final class Firehose implements AutoCloseable {
  private static final byte[] PIECE = new byte[64 * 1024];
  private static final byte[] SHORT =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1);

  private final Accepting server = Accepting.start("firehose", this::serve);
  private final long bytes;
  private final AtomicLong sent = new AtomicLong();

  private Firehose(long bytes) {
    this.bytes = bytes;
  }

  /**
   * Listens on a free port.
   *
   * @param bytes of each body, whole pieces of 64 KiB
   */
  public static Firehose start(long bytes) {
    return new Firehose(bytes);
  }

  /** Listens on a free port; its bodies end when the connection does. */
  public static Firehose endless() {
    return start((long) PIECE.length << 24);
  }

  /** The port. */
  public int port() {
    return server.port();
  }

  /** Body bytes that its socket took so far, over all connections. */
  public long sent() {
    return sent.get();
  }

  @Override
  public void close() {
    server.close();
  }

  private void serve(Socket socket) {
    try (RawHttp connection = RawHttp.of(socket)) {
      socket.setSoTimeout(0);
      // Hundreds of these with buffers of megabytes take all of the kernel's memory for TCP, which
      // then drops what others send.
      socket.setSendBufferSize(PIECE.length);
      OutputStream out = socket.getOutputStream();
      for (String asked = connection.readHead(); !asked.isEmpty(); asked = connection.readHead()) {
        if (asked.startsWith("GET / ")) {
          out.write(SHORT);
          continue;
        }
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + bytes + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        for (long left = bytes; left > 0; left -= PIECE.length) {
          out.write(PIECE);
          sent.addAndGet(PIECE.length);
        }
      }
    } catch (IOException | UncheckedIOException gone) {
      // The test has seen enough.
      assert !socket.isConnected() || socket.isClosed();
    }
  }
}
