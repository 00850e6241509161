package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Uploads pattern bytes to {@code /sink}, dribbling, and compares the checksums that come back. */
public final class SlowUploader {
  private static final long STEP_NANOS = 2_000_000;

  /** How the upload is framed. */
  public enum Framing {
    LENGTH,
    CHUNKED
  }

  private final Loop loop;
  private final Framing framing;
  private final long total;
  private final int stepBytes;
  private final long started = System.nanoTime();
  private final long durationNanos;
  private final Check check;
  private final Digest digest = new Digest();
  private final StringBuilder answer = new StringBuilder();
  private long sent;

  private SlowUploader(Loop loop, Framing framing, long total, Duration duration) {
    this.loop = loop;
    this.framing = framing;
    this.total = total;
    durationNanos = duration.toNanos();
    long steps = Math.max(1, durationNanos / STEP_NANOS);
    stepBytes = Math.clamp((total + steps - 1) / steps, 1, 64 * 1024);
    check = new Check("slow upload, " + framing);
  }

  /** Starts an upload of {@code total} bytes that takes about {@code duration}. */
  public static CompletableFuture<Outcome> start(
      Loop loop, InetSocketAddress target, Framing framing, long total, Duration duration) {
    SlowUploader uploader = new SlowUploader(loop, framing, total, duration);
    HttpLink link = new HttpLink(uploader.check, uploader.new Answer(), uploader::begin);
    loop.connect(target, link);
    return uploader.check.outcome();
  }

  private void begin(Wire wire) {
    String field =
        framing == Framing.LENGTH ? "Content-Length: " + total : "Transfer-Encoding: chunked";
    wire.write(
        ("POST /sink HTTP/1.1\r\nHost: soak.test\r\n" + field + "\r\n\r\n").getBytes(ISO_8859_1));
    step(wire);
  }

  /** Sends what is due by now, so that late timers are caught up with. */
  private void step(Wire wire) {
    if (check.isDone()) {
      return;
    }
    long elapsed = System.nanoTime() - started;
    long due = elapsed >= durationNanos ? total : (long) ((double) total * elapsed / durationNanos);
    while (sent < due && wire.pending() < 256 * 1024) {
      piece(wire, (int) Math.min(stepBytes, due - sent));
    }
    if (sent < total) {
      loop.at(System.nanoTime() + STEP_NANOS, () -> step(wire));
    } else if (framing == Framing.CHUNKED) {
      wire.write("0\r\n\r\n".getBytes(ISO_8859_1));
    }
  }

  private void piece(Wire wire, int length) {
    byte[] bytes = Pattern.bytes(sent, length);
    if (framing == Framing.CHUNKED) {
      wire.write((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
      wire.write(bytes);
      wire.write("\r\n".getBytes(ISO_8859_1));
    } else {
      wire.write(bytes);
    }
    digest.add(bytes, 0, length);
    sent += length;
  }

  private final class Answer implements HttpReader.Events {
    @Override
    public HttpReader.After head(HttpHead head) {
      if (head.status() != 200) {
        check.problem(head.startLine() + " after " + sent + " bytes");
      }
      return HttpReader.After.FRAMED;
    }

    @Override
    public void body(byte[] bytes, int from, int length) {
      answer.append(new String(bytes, from, length, ISO_8859_1));
    }

    @Override
    public void end() {
      if (sent < total) {
        check.problem("answered before the upload had ended");
      }
      String expected = new String(digest.line(), ISO_8859_1);
      if (!answer.toString().equals(expected)) {
        check.problem("expected " + expected.strip() + ", found " + answer.toString().strip());
      }
      check.received(sent);
      check.exchanged();
      check.finish();
    }

    @Override
    public void malformed(String why) {
      check.finish(why);
    }
  }
}
