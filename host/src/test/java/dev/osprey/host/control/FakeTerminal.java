package dev.osprey.host.control;

import dev.osprey.spi.Counter;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalFactory;
import dev.osprey.spi.network.ByteTerminalPlan;
import java.util.List;

/**
 * A byte terminal whose plan reads {@code cluster} and, from version 2, wants {@code mode}; version
 * 3 throws. Its plan counts how often it was asked whether it reads a record.
 */
record FakeTerminal(String version) implements ByteTerminalFactory {
  static final String TYPE = "type.googleapis.com/test.Tcp";

  @Override
  public String name() {
    return "tcp_proxy";
  }

  @Override
  public List<String> configTypes() {
    return List.of(TYPE);
  }

  @Override
  public ByteTerminalPlan plan(ConfigNode config, PlanContext context) {
    if (version.startsWith("3.")) {
      throw new StackOverflowError("deep");
    }
    if (version.startsWith("2.")) {
      config.allowOnly("cluster", "mode");
      config.requiredString("mode");
    } else {
      config.allowOnly("cluster");
    }
    context.cluster(config.required("cluster"));
    return new Plan(context.counter("fake.asked"));
  }

  private record Plan(Counter asked) implements ByteTerminalPlan {
    @Override
    public ByteTerminal open(ByteSession session) {
      throw new IllegalStateException();
    }

    @Override
    public boolean reads(StateRecord record) {
      asked.add(1);
      return true;
    }

    @Override
    public ByteTerminal attach(StateRecord record, ByteSession session) {
      throw new IllegalStateException();
    }
  }
}
