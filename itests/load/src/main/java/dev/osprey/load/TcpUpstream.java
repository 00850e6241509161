package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A byte upstream on a free loopback port.
 *
 * <p>{@link #echo} returns every byte; after the client's FIN it sends the farewell {@code bye N\n}
 * with the number of bytes it had received, then its own FIN: a proxy that does not carry
 * half-close loses the farewell. {@link #bulk} answers every {@value #ASK_BYTES} bytes with a fixed
 * number of {@link Pattern} bytes.
 */
public final class TcpUpstream implements AutoCloseable {
  /** How many bytes ask a bulk upstream for one answer. */
  public static final int ASK_BYTES = 16;

  private final Loop loop;
  private final Tally tally = new Tally();
  private final Listening listening;

  private TcpUpstream(Loop loop, int port, long bulkBytes) {
    this.loop = loop;
    listening = loop.listen(port, () -> new Connection(tally, bulkBytes));
  }

  /** Starts an echo upstream; port 0 takes a free one. */
  public static TcpUpstream echo(Loop loop, int port) {
    return new TcpUpstream(loop, port, 0);
  }

  /**
   * Starts an upstream that answers each question with {@code answerBytes} pattern bytes; port 0
   * takes a free one.
   */
  public static TcpUpstream bulk(Loop loop, int port, long answerBytes) {
    return new TcpUpstream(loop, port, answerBytes);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return listening.address();
  }

  /** What it has seen; {@code requests} counts reads when echoing, questions in bulk. */
  public UpstreamCounters counters() {
    return loop.call(tally::snapshot);
  }

  /** Stops listening; open connections live until the loop ends. */
  @Override
  public void close() {
    listening.close();
  }

  private static final class Connection implements WireHandler {
    private static final int MAX_PENDING_BYTES = 256 * 1024;
    private final Tally tally;
    private final long bulkBytes;
    private long received;
    private long owed;
    private long position;
    private boolean ended;

    Connection(Tally tally, long bulkBytes) {
      this.tally = tally;
      this.bulkBytes = bulkBytes;
    }

    @Override
    public void connected(Wire wire) {
      tally.accepted++;
      tally.open++;
    }

    @Override
    public void read(Wire wire, byte[] bytes, int from, int length) {
      long before = received;
      received += length;
      if (bulkBytes == 0) {
        tally.requests++;
        wire.write(bytes, from, length);
        if (wire.pending() > MAX_PENDING_BYTES) {
          wire.pauseReads();
        }
        return;
      }
      long asked = received / ASK_BYTES - before / ASK_BYTES;
      tally.requests += asked;
      owed += asked * bulkBytes;
      pour(wire);
    }

    @Override
    public void drained(Wire wire) {
      if (bulkBytes > 0) {
        pour(wire);
      } else if (!ended) {
        wire.resumeReads();
      }
    }

    @Override
    public void ended(Wire wire) {
      ended = true;
      tally.closedByPeer++;
      tally.open--;
      if (bulkBytes == 0) {
        wire.write(("bye " + received + "\n").getBytes(ISO_8859_1));
      }
      wire.close();
    }

    @Override
    public void failed(Wire wire, IOException cause) {
      if (!ended) {
        tally.resetByPeer++;
        tally.open--;
      }
    }

    private void pour(Wire wire) {
      while (owed > 0 && wire.pending() < MAX_PENDING_BYTES) {
        int written = Pattern.write(wire, position, Math.min(owed, bulkBytes - position));
        owed -= written;
        position = (position + written) % bulkBytes;
      }
    }
  }
}
