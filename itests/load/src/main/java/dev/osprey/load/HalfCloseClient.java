package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * Sends bytes and its FIN to {@link TcpUpstream#echo}; the echo and the farewell sent after the FIN
 * must arrive.
 */
public final class HalfCloseClient implements WireHandler {
  private final Check check = new Check("half-close");
  private final int payloadBytes;
  private final ByteArrayOutputStream farewell = new ByteArrayOutputStream();

  private HalfCloseClient(int payloadBytes) {
    this.payloadBytes = payloadBytes;
  }

  /** Starts one such exchange on a connection of its own. */
  public static CompletableFuture<Outcome> start(
      Loop loop, InetSocketAddress target, int payloadBytes) {
    HalfCloseClient client = new HalfCloseClient(payloadBytes);
    loop.connect(target, client);
    return client.check.outcome();
  }

  @Override
  public void connected(Wire wire) {
    wire.write(Pattern.bytes(0, payloadBytes));
    wire.shutdownOutput();
  }

  @Override
  public void read(Wire wire, byte[] bytes, int from, int length) {
    int echoed = (int) Math.min(length, payloadBytes - check.bytes());
    check.pattern(check.bytes(), bytes, from, echoed);
    farewell.write(bytes, from + echoed, length - echoed);
  }

  @Override
  public void ended(Wire wire) {
    wire.close();
    String expected = "bye " + payloadBytes + "\n";
    String found = farewell.toString(ISO_8859_1);
    if (check.bytes() != payloadBytes || !found.equals(expected)) {
      check.problem(
          "echoed "
              + check.bytes()
              + " of "
              + payloadBytes
              + " bytes, farewell '"
              + found.strip()
              + "'");
    }
    check.exchanged();
    check.finish();
  }

  @Override
  public void failed(Wire wire, IOException cause) {
    if (!check.isDone()) {
      check.finish(cause + " after " + check.bytes() + " bytes");
    }
  }
}
