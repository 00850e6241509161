package dev.osprey.host.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of one listener or cluster on one loop. Written by that loop only; read elsewhere a
 * moment late.
 */
@SuppressWarnings("EnumOrdinal") // an index into arrays of this object, never kept elsewhere
public final class Tally {
  private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] values = new long[Metric.values().length];
  // Made at first use: what has no traffic costs nothing.
  private volatile @Nullable Latencies latency;

  /** What is counted. */
  public enum Metric {
    /** Connections so far. */
    CX_TOTAL,
    /** Open connections. */
    CX_ACTIVE,
    /** Connections refused because of a limit. */
    CX_OVERFLOW,
    /** Connections that could not be made. */
    CX_CONNECT_FAIL,
    /** Connections closed because no codec recognises their first bytes. */
    CX_UNKNOWN,
    /** Connections closed because no codec recognised their first bytes in time. */
    CX_UNKNOWN_IN_TIME,
    /** Connections that no codec recognises, given to the next network filter. */
    CX_PASSED_ON,
    /** Streams so far. */
    RQ_TOTAL,
    /** Open streams. */
    RQ_ACTIVE,
    /** Streams refused because of a limit. */
    RQ_OVERFLOW,
    /** Streams that took too long. */
    RQ_TIMEOUT,
    /** Streams reset by either side. */
    RQ_RESET,
    /** Requests that broke the protocol's rules. */
    RQ_BAD,
    /** Answers by the proxy itself. */
    RQ_LOCAL,
    /** Answers of 1xx. */
    RQ_1XX,
    /** Answers of 2xx. */
    RQ_2XX,
    /** Answers of 3xx. */
    RQ_3XX,
    /** Answers of 4xx. */
    RQ_4XX,
    /** Answers of 5xx. */
    RQ_5XX,
    /** Body bytes received. */
    BYTES_RECEIVED,
    /** Body bytes sent. */
    BYTES_SENT,
    /** Protocol errors of an upstream. */
    PROTOCOL_ERROR;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Adds 1. */
  public void count(Metric metric) {
    add(metric.ordinal(), 1);
  }

  /** Adds any amount, also a negative one. */
  public void add(Metric metric, long amount) {
    add(metric.ordinal(), amount);
  }

  /** Counts an answer's class. */
  public void status(int status) {
    int at = status / 100 - 1;
    if (at >= 0 && at < 5) {
      add(Metric.RQ_1XX.ordinal() + at, 1);
    }
  }

  private void add(int at, long amount) {
    VALUE.setOpaque(values, at, values[at] + amount);
  }

  /** Notes how long a stream took. */
  public void latency(long nanos) {
    Latencies mine = latency;
    if (mine == null) {
      latency = mine = new Latencies();
    }
    mine.record(nanos / 1000);
  }

  /** A number. */
  public long get(Metric metric) {
    return (long) VALUE.getOpaque(values, metric.ordinal());
  }

  /** How long streams took; null before the first one. */
  @Nullable Latencies latencies() {
    return latency;
  }
}
