package dev.osprey.host.config;

import dev.osprey.host.plan.StreamOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A filter chain as configured. A part whose extension is missing is left out, with a problem. */
public sealed interface ChainSpec {
  /**
   * A chain that ends in the stream terminal.
   *
   * @param upstream what is spoken to a cluster that names no protocol, perhaps one of the codecs;
   *     null for what the client speaks
   * @param next who takes connections that no codec recognises; null for nobody
   */
  record Stream(
      String statPrefix,
      List<PlanSpec> codecs,
      @Nullable PlanSpec upstream,
      List<PlanSpec> filters,
      @Nullable PlanSpec router,
      List<PlanSpec> logs,
      StreamOptions options,
      @Nullable Bytes next)
      implements ChainSpec {
    public Stream {
      codecs = List.copyOf(codecs);
      filters = List.copyOf(filters);
      logs = List.copyOf(logs);
    }

    Stream before(Bytes behind) {
      return new Stream(statPrefix, codecs, upstream, filters, router, logs, options, behind);
    }
  }

  /** A chain that ends in a byte terminal. */
  record Bytes(String statPrefix, PlanSpec terminal, List<PlanSpec> logs) implements ChainSpec {
    public Bytes {
      logs = List.copyOf(logs);
    }
  }
}
