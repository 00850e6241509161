package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens a tunnel by HTTP Upgrade (as WebSocket does) and exchanges frames whose echo is compared
 * byte for byte.
 *
 * <p>Frames are stretches of {@link Pattern}, so the echo has to be the same endless sequence.
 */
public final class TunnelClient implements HttpReader.Events {
  private static final byte[] REQUEST =
      "GET /tunnel HTTP/1.1\r\nHost: soak.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
          .getBytes(ISO_8859_1);

  private final Loop loop;
  private final int frameBytes;
  private final long pauseNanos;
  private final Check check = new Check("upgrade tunnel");
  private @Nullable Wire wire;
  private long sent;
  private boolean stopping;

  private TunnelClient(Loop loop, int frameBytes, Duration pause) {
    this.loop = loop;
    this.frameBytes = frameBytes;
    pauseNanos = pause.toNanos();
  }

  /**
   * Opens a tunnel and sends frames until {@link #stop}.
   *
   * @param pause between an echo and the next frame; zero: at once
   */
  public static TunnelClient start(
      Loop loop, InetSocketAddress target, int frameBytes, Duration pause) {
    TunnelClient client = new TunnelClient(loop, frameBytes, pause);
    loop.connect(target, new HttpLink(client.check, client, client::begin));
    return client;
  }

  /** Completes when it has been stopped, or when it can't go on. */
  public CompletableFuture<Outcome> outcome() {
    return check.outcome();
  }

  /** Ends after the frame that is under way. */
  public CompletableFuture<Outcome> stop() {
    loop.execute(() -> stopping = true);
    return check.outcome();
  }

  /** Frames echoed so far. */
  public long frames() {
    return loop.call(check::exchanges);
  }

  @Override
  public HttpReader.After head(HttpHead head) {
    if (head.status() != 101 || !head.has("upgrade", "echo")) {
      check.finish("no upgrade: " + head.startLine());
      return HttpReader.After.NO_BODY;
    }
    loop.execute(this::frame);
    return HttpReader.After.RAW;
  }

  @Override
  public void body(byte[] bytes, int from, int length) {
    if (check.bytes() + length > sent) {
      check.problem("more bytes came back than were sent");
    }
    check.pattern(check.bytes(), bytes, from, length);
    if (check.bytes() == sent) {
      check.exchanged();
      next();
    }
  }

  @Override
  public void end() {
    check.finish("the tunnel was taken for a message");
  }

  @Override
  public void malformed(String why) {
    check.finish(why);
  }

  private void next() {
    if (stopping) {
      check.finish();
    } else if (pauseNanos == 0) {
      frame();
    } else {
      loop.at(System.nanoTime() + pauseNanos, this::frame);
    }
  }

  private void frame() {
    if (check.isDone() || wire == null) {
      return;
    }
    if (stopping) {
      Wire closing = wire;
      check.finish();
      closing.close();
      return;
    }
    wire.write(Pattern.bytes(sent, frameBytes));
    sent += frameBytes;
  }

  private void begin(Wire opened) {
    wire = opened;
    opened.write(REQUEST);
  }
}
