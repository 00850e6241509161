package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Downloads pattern bytes at a bounded rate, by not reading, and checks every one. */
public final class LongDownload implements HttpReader.Events {
  private static final int RECEIVE_BUFFER_BYTES = 64 * 1024;
  private static final double READ_SECONDS = 0.01;

  private final Loop loop;
  private final String path;
  private final long total;
  private final double bytesPerNano;
  private final Check check;
  private final long started = System.nanoTime();
  private @Nullable Wire wire;
  private boolean waiting;

  private LongDownload(Loop loop, String path, long total, double bytesPerSecond) {
    this.loop = loop;
    this.path = path;
    this.total = total;
    bytesPerNano = bytesPerSecond / 1e9;
    check = new Check("download of " + path);
  }

  /**
   * Starts a download.
   *
   * @param path one of an {@link Upstream} that answers with pattern bytes, such as {@code
   *     /bytes/1000000}
   * @param total how many bytes that path gives
   * @param bytesPerSecond how fast to read
   */
  public static CompletableFuture<Outcome> start(
      Loop loop, InetSocketAddress target, String path, long total, double bytesPerSecond) {
    LongDownload download = new LongDownload(loop, path, total, bytesPerSecond);
    loop.connect(target, new HttpLink(download.check, download, download::begin));
    return download.check.outcome();
  }

  @Override
  public HttpReader.After head(HttpHead head) {
    if (head.status() != 200) {
      check.problem(head.startLine());
    }
    return HttpReader.After.FRAMED;
  }

  @Override
  public void body(byte[] bytes, int from, int length) {
    check.pattern(check.bytes(), bytes, from, length);
    if (wire != null && !waiting) {
      waitUntilDue(wire);
    }
  }

  /** Reads on as soon as the bytes so far are due; the bytes of one read come in several pieces. */
  private void waitUntilDue(Wire slow) {
    long ahead = (long) (check.bytes() / bytesPerNano) - (System.nanoTime() - started);
    waiting = ahead > 0;
    if (waiting) {
      slow.pauseReads();
      loop.at(System.nanoTime() + ahead, () -> waitUntilDue(slow));
    } else {
      slow.resumeReads();
    }
  }

  @Override
  public void end() {
    if (check.bytes() != total) {
      check.problem("expected " + total + " bytes, found " + check.bytes());
    }
    check.exchanged();
    check.finish();
  }

  @Override
  public void malformed(String why) {
    check.finish(why + " after " + check.bytes() + " bytes");
  }

  private void begin(Wire opened) {
    wire = opened;
    opened.receiveBufferBytes(RECEIVE_BUFFER_BYTES);
    opened.readLimit((int) Math.clamp(bytesPerNano * 1e9 * READ_SECONDS, 256, 1 << 20));
    opened.write(("GET " + path + " HTTP/1.1\r\nHost: soak.test\r\n\r\n").getBytes(ISO_8859_1));
  }
}
