package dev.osprey.host.plan;

import dev.osprey.spi.network.ByteTerminalPlan;
import java.util.List;

/** A chain that ends in a byte terminal. */
public record ByteChain(String statPrefix, Slot<ByteTerminalPlan> terminal, List<LogTarget> logs)
    implements ChainPlan {
  public ByteChain {
    logs = List.copyOf(logs);
  }

  @Override
  public ByteChain bytes() {
    return this;
  }
}
