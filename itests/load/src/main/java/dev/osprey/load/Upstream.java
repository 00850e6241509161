package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetSocketAddress;

/**
 * An HTTP/1.1 upstream on a free loopback port, made for checking a proxy.
 *
 * <p>It keeps connections alive, answers pipelined requests in order and closes only where asked
 * to. Paths:
 *
 * <ul>
 *   <li>{@code /echo/TOKEN[/N]}: the token, filled up with dots to N bytes;
 *   <li>{@code /bytes/N}: N bytes of {@link Pattern};
 *   <li>{@code /chunked/N[/C]}: the same in chunks of C bytes (default 1000), with a trailer field;
 *   <li>{@code /slow/N/MS[/chunked]}: the same, dribbled over MS milliseconds;
 *   <li>{@code /sink}: counts and checks the request's body, see {@link Digest};
 *   <li>{@code /status/CODE}: that status; 204 and 304 without a body;
 *   <li>{@code /hints}: a 103 before the answer;
 *   <li>{@code /head}: the request's head as it arrived;
 *   <li>{@code /close}: an answer with {@code Connection: close}, then FIN;
 *   <li>any path with {@code Upgrade: echo}: 101, then every byte back; a FIN is answered by a FIN.
 * </ul>
 *
 * HEAD is answered everywhere; {@code Expect: 100-continue} gets its 100.
 */
public final class Upstream implements AutoCloseable {
  private final Loop loop;
  private final Listening listening;
  private final Tally tally = new Tally();
  private byte[] extraField = {};

  private Upstream(Loop loop, int port) {
    this.loop = loop;
    listening = loop.listen(port, () -> new UpstreamConnection(this));
  }

  /** Starts an upstream on a free port of the loopback address. */
  public static Upstream start(Loop loop) {
    return start(loop, 0);
  }

  /** Starts an upstream on a given port of the loopback address. */
  public static Upstream start(Loop loop, int port) {
    return new Upstream(loop, port);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return listening.address();
  }

  /** What it has seen so far; a consistent reading, safe from every thread. */
  public UpstreamCounters counters() {
    return loop.call(tally::snapshot);
  }

  /** Adds a field to every answer from now on, such as a codec version that a proxy would set. */
  public void answerWith(String name, String value) {
    byte[] line = (name + ": " + value + "\r\n").getBytes(ISO_8859_1);
    loop.call(() -> extraField = line);
  }

  /** Stops listening; open connections live until the loop ends. */
  @Override
  public void close() {
    listening.close();
  }

  Tally tally() {
    return tally;
  }

  byte[] extraField() {
    return extraField;
  }
}
