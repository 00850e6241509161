package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends HEAD and GET of the same thing in turn on one connection: a HEAD's answer has the GET's
 * length and no body.
 *
 * <p>A body after a HEAD, or a GET without one, shows as a malformed or wrong next answer.
 */
public final class HeadProber implements HttpReader.Events {
  private static final int BODY_BYTES = 1234;
  private static final byte[] PAIR = pair();

  private final Check check = new Check("HEAD and GET in turn");
  private @Nullable Wire wire;
  private long bodyBytes;
  private boolean headIsNext = true;
  private boolean stopping;
  private final Loop loop;

  private HeadProber(Loop loop) {
    this.loop = loop;
  }

  /** Starts probing, one pipelined pair after the other, until {@link #stop}. */
  public static HeadProber start(Loop loop, InetSocketAddress target) {
    HeadProber prober = new HeadProber(loop);
    loop.connect(target, new HttpLink(prober.check, prober, prober::begin));
    return prober;
  }

  /** Completes when it has been stopped, or when it can't go on. */
  public CompletableFuture<Outcome> outcome() {
    return check.outcome();
  }

  /** Ends after the pair that is under way. */
  public CompletableFuture<Outcome> stop() {
    loop.execute(() -> stopping = true);
    return check.outcome();
  }

  @Override
  public HttpReader.After head(HttpHead head) {
    int length = head.find("content-length");
    if (head.status() != 200 || length < 0 || head.number(length) != BODY_BYTES) {
      check.problem("after " + check.exchanges() + " exchanges: " + head.text().strip());
    }
    bodyBytes = 0;
    return headIsNext ? HttpReader.After.NO_BODY : HttpReader.After.FRAMED;
  }

  @Override
  public void body(byte[] bytes, int from, int length) {
    check.pattern(bodyBytes, bytes, from, length);
    bodyBytes += length;
  }

  @Override
  public void end() {
    check.exchanged();
    headIsNext = !headIsNext;
    if (!headIsNext || wire == null) {
      return;
    }
    if (stopping) {
      check.finish();
    } else {
      wire.write(PAIR);
    }
  }

  @Override
  public void malformed(String why) {
    check.finish(why + " after " + check.exchanges() + " exchanges");
  }

  private void begin(Wire opened) {
    wire = opened;
    opened.write(PAIR);
  }

  private static byte[] pair() {
    String rest = " /bytes/" + BODY_BYTES + " HTTP/1.1\r\nHost: soak.test\r\n\r\n";
    return ("HEAD" + rest + "GET" + rest).getBytes(ISO_8859_1);
  }
}
