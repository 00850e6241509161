package dev.osprey.stream.grpcstats;

import dev.osprey.spi.Counter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The numbers of one method, or of all that have none of their own. For all strands. */
final class MethodStats {
  private static final int CODES = 17;

  private final String prefix;
  private final Function<String, Counter> counters;
  private final Counter total;
  private final Counter success;
  private final Counter failure;
  private final Counter requests;
  private final Counter responses;
  // Set without a lock: the same name gives the same counter, whoever asks first.
  private final @Nullable Counter[] codes = new Counter[CODES];

  /**
   * Numbers that stand at what they stood before.
   *
   * @param prefix of their names, without a dot at its end
   */
  MethodStats(String prefix, Function<String, Counter> counters) {
    this.prefix = prefix;
    this.counters = counters;
    this.total = counters.apply(prefix + ".total");
    this.success = counters.apply(prefix + ".success");
    this.failure = counters.apply(prefix + ".failure");
    this.requests = counters.apply(prefix + ".request_message_count");
    this.responses = counters.apply(prefix + ".response_message_count");
  }

  /**
   * A call is over.
   *
   * @param status gRPC's; below zero for a call that ended without one
   */
  void ended(int status) {
    total.add(1);
    (status == 0 ? success : failure).add(1);
    if (status >= 0 && status < CODES) {
      Counter known = codes[status];
      if (known == null) {
        codes[status] = known = counters.apply(prefix + "." + status);
      }
      known.add(1);
    }
  }

  void requestMessages(int count) {
    if (count > 0) {
      requests.add(count);
    }
  }

  void responseMessages(int count) {
    if (count > 0) {
      responses.add(count);
    }
  }
}
