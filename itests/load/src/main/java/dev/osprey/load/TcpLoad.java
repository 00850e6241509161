package dev.osprey.load;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Connections that send a message and wait for its answer, over and over; every answered byte is
 * checked.
 *
 * <p>Against {@link TcpUpstream#echo} it plays ping-pong, against {@link TcpUpstream#bulk} it
 * fetches long answers. A connection that the other side ends counts as lost and is not reopened.
 */
public final class TcpLoad implements AutoCloseable {
  private final Loop loop;
  private final int messageBytes;
  private final long answerBytes;
  private final boolean echo;
  private final Failures failures = new Failures();
  private final Latencies latencies;
  private final List<Pair> pairs = new ArrayList<>();
  private final CompletableFuture<TcpReport> ended = new CompletableFuture<>();
  private final long started = System.nanoTime();
  private long exchanges;
  private int live;
  private boolean stopping;

  private TcpLoad(
      Loop loop, int messageBytes, long answerBytes, boolean echo, Duration stallLimit) {
    this.loop = loop;
    this.messageBytes = messageBytes;
    this.answerBytes = answerBytes;
    this.echo = echo;
    latencies = new Latencies(stallLimit.toNanos() / 1000);
  }

  /** Starts {@code connections} ping-pong pairs with an echo upstream. */
  public static TcpLoad pingPong(
      Loop loop, InetSocketAddress target, int connections, int messageBytes) {
    return new TcpLoad(loop, messageBytes, messageBytes, true, Duration.ofMillis(10))
        .open(target, connections);
  }

  /** Starts {@code connections} that ask a bulk upstream for {@code answerBytes} at a time. */
  public static TcpLoad bulk(
      Loop loop, InetSocketAddress target, int connections, long answerBytes) {
    return new TcpLoad(loop, TcpUpstream.ASK_BYTES, answerBytes, false, Duration.ofMillis(100))
        .open(target, connections);
  }

  /** Opens a latency window; one that is still open ends. */
  public void windowBegin(WindowKind kind) {
    long now = System.nanoTime();
    loop.execute(() -> latencies.begin(kind, now));
  }

  /** Ends the open latency window. */
  public void windowEnd() {
    long now = System.nanoTime();
    loop.execute(() -> latencies.end(now));
  }

  /** The figures so far. */
  public TcpReport report() {
    return loop.call(this::snapshot);
  }

  /**
   * Lets each connection finish its exchange, end its side, and wait for the other side's FIN.
   *
   * @param bound after which whatever is still open is reset and counted as unfinished
   */
  public TcpReport stop(Duration bound) {
    loop.execute(this::beginStop);
    boolean inTime =
        ended
            .thenApply(report -> true)
            .completeOnTimeout(false, bound.toNanos(), NANOSECONDS)
            .join();
    return inTime ? report() : loop.call(this::breakOff);
  }

  /** Breaks off what is still under way. */
  @Override
  public void close() {
    loop.call(this::breakOff);
  }

  private TcpLoad open(InetSocketAddress target, int connections) {
    live = connections;
    loop.execute(() -> {
      for (int i = 0; i < connections; i++) {
        Pair pair = new Pair(i);
        pairs.add(pair);
        loop.connect(target, pair);
      }
    });
    return this;
  }

  private void beginStop() {
    stopping = true;
    if (live == 0) {
      ended.complete(snapshot());
    }
  }

  private TcpReport breakOff() {
    stopping = true;
    pairs.forEach(Pair::breakOff);
    return snapshot();
  }

  private TcpReport snapshot() {
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    return new TcpReport(
        exchanges, live, failures.counts(), failures.examples(), latencies.summary(), took);
  }

  private void left() {
    live--;
    if (live == 0 && stopping) {
      ended.complete(snapshot());
    }
  }

  /** One connection. */
  private final class Pair implements WireHandler {
    private final int number;
    private @Nullable Wire wire;
    private long position;
    private long received;
    private long sentAt;
    private boolean ending;
    private boolean gone;

    Pair(int number) {
      this.number = number;
    }

    @Override
    public void connected(Wire opened) {
      wire = opened;
      ask(opened);
    }

    @Override
    public void read(Wire from, byte[] bytes, int start, int length) {
      if (ending) {
        return;
      }
      if (received + length > answerBytes) {
        failures.add(FailureKind.SURPLUS, number, "after " + exchanges + " exchanges");
        drop(from);
        return;
      }
      int wrong = Pattern.mismatch(position + received, bytes, start, length);
      received += length;
      if (wrong >= 0) {
        failures.add(FailureKind.WRONG_TOKEN, number, "byte " + (position + received + wrong));
        drop(from);
      } else if (received == answerBytes) {
        complete(from);
      }
    }

    @Override
    public void ended(Wire from) {
      from.close();
      if (!ending) {
        failures.add(FailureKind.LOST_CONNECTION, number, "FIN");
      }
      leave();
    }

    @Override
    public void failed(Wire from, IOException cause) {
      FailureKind kind = wire == null ? FailureKind.CONNECT_FAILED : FailureKind.LOST_CONNECTION;
      failures.add(kind, number, String.valueOf(cause.getMessage()));
      leave();
    }

    void breakOff() {
      if (!gone) {
        failures.add(FailureKind.UNFINISHED, number, "still open");
        if (wire != null) {
          wire.reset();
        }
        leave();
      }
    }

    private void ask(Wire to) {
      sentAt = System.nanoTime();
      received = 0;
      to.write(Pattern.bytes(position, messageBytes));
    }

    private void complete(Wire from) {
      long now = System.nanoTime();
      exchanges++;
      latencies.record(number, sentAt, now);
      if (echo) {
        position += messageBytes;
      }
      if (stopping) {
        ending = true;
        from.shutdownOutput();
      } else {
        ask(from);
      }
    }

    private void drop(Wire from) {
      from.reset();
      leave();
    }

    private void leave() {
      if (!gone) {
        gone = true;
        left();
      }
    }
  }
}
