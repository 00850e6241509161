package dev.osprey.testkit;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Owned;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.network.ByteSession;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalFactory;
import dev.osprey.spi.network.ByteTerminalPlan;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** The smallest terminal that forwards; with {@code mistake} it does one thing wrong. */
record ToyTerminal(Mistake mistake) implements ByteTerminalFactory {
  enum Mistake {
    NONE,
    LEAKS,
    FORGETS_FAILURES,
    CLOSES_AT_FIRST_END,
    NEVER_GIVES_UP,
    READS_ALL
  }

  @Override
  public String name() {
    return "toy";
  }

  @Override
  public List<String> configTypes() {
    return List.of("toy");
  }

  @Override
  public ByteTerminalPlan plan(ConfigNode config, PlanContext context) {
    return new Plan(mistake, context.cluster(config.required("cluster")));
  }

  private record Plan(Mistake mistake, ClusterRef cluster) implements ByteTerminalPlan {
    @Override
    public ByteTerminal open(ByteSession session) {
      return new Terminal(this, session, (byte) 0);
    }

    @Override
    public boolean reads(StateRecord record) {
      return mistake == Mistake.READS_ALL || record.isIn("toy", 1, 1);
    }

    @Override
    public ByteTerminal attach(StateRecord record, ByteSession session) {
      return new Terminal(this, session, record.state()[0]);
    }
  }

  private static final class Terminal implements ByteTerminal {
    private final Plan plan;
    private final ByteSession session;
    private byte failures;

    Terminal(Plan plan, ByteSession session, byte failures) {
      this.plan = plan;
      this.session = session;
      this.failures = failures;
    }

    @Override
    public void opened() {
      session.connect(plan.cluster);
    }

    @Override
    public void connected() {}

    @Override
    public void connectFailed(Reset why) {
      failures++;
      if (failures > 1 && plan.mistake != Mistake.NEVER_GIVES_UP) {
        session.close(why);
      } else {
        session.connect(plan.cluster);
      }
    }

    @Override
    public void fromDownstream(@Owned ByteBuf data) {
      if (plan.mistake == Mistake.LEAKS) {
        data.retain();
      }
      session.toUpstream(data);
    }

    @Override
    public void fromUpstream(@Owned ByteBuf data) {
      session.toDownstream(data);
    }

    @Override
    public void downstreamEnded() {
      if (plan.mistake == Mistake.CLOSES_AT_FIRST_END) {
        session.close(Reset.byHost(Reset.Reason.CANCELLED, "too early"));
      } else {
        session.endUpstream();
      }
    }

    @Override
    public void upstreamEnded() {
      session.endDownstream();
    }

    @Override
    public void idle() {
      session.close(Reset.byHost(Reset.Reason.TIMEOUT, "idle"));
    }

    @Override
    public StateRecord detach() {
      byte kept = plan.mistake == Mistake.FORGETS_FAILURES ? 0 : failures;
      return new StateRecord("toy", 1, new byte[] {kept});
    }
  }
}
