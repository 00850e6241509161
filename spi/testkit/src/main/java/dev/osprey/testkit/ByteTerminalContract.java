package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalFactory;
import dev.osprey.spi.network.ByteTerminalPlan;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * What every byte terminal must keep that forwards bytes between a client and an upstream
 * unchanged. An author extends this class and gives the factory and a configuration.
 */
public abstract class ByteTerminalContract {
  private static final int NEVER = -1;
  private static final int ALWAYS = -2;
  private static final int PATIENCE = 1_000;
  private static final int SEEDS = 20;
  private static final int STRANDS = 8;

  /** The terminal under test. */
  protected abstract ByteTerminalFactory factory();

  /** A configuration that forwards to a cluster. */
  protected abstract ConfigNode config();

  @Test
  void forwardsBothWays_withHalfClose() {
    Drive drive = run(conversation(), NEVER);
    assertThat(drive.log().toUpstream()).isEqualTo("hello, world");
    assertThat(drive.log().toDownstream()).isEqualTo("hi there");
    assertThat(drive.log().connects()).isEqualTo(1);
    boolean over = drive.log().isUpstreamEnded() && drive.log().isDownstreamEnded();
    assertThat(over || drive.log().isClosed()).as("both ends carried through").isTrue();
  }

  @Test
  void carriesHalfCloseOneWay_andGoesOnTheOther() {
    Drive client = run(conversation().subList(0, 5), NEVER);
    assertThat(client.log().isUpstreamEnded()).isTrue();
    assertThat(client.log().isDownstreamEnded() || client.log().isClosed()).isFalse();
    List<Consumer<Drive>> upstreamFirst = new ArrayList<>(conversation().subList(0, 2));
    upstreamFirst.add(drive -> drive.call(ByteTerminal::upstreamEnded));
    upstreamFirst.add(drive -> drive.fromDownstream("still here"));
    Drive upstream = run(upstreamFirst, NEVER);
    assertThat(upstream.log().isDownstreamEnded()).isTrue();
    assertThat(upstream.log().toUpstream()).isEqualTo("still here");
  }

  @Test
  void doesTheSame_whenSwappedBeforeAnyCall() {
    for (List<Consumer<Drive>> steps : List.of(conversation(), failure(), idling())) {
      Drive calm = run(steps, NEVER);
      assertSame(run(steps, ALWAYS), calm);
      for (int call = 0; call < steps.size(); call++) {
        assertSame(run(steps, call), calm);
      }
    }
  }

  @Test
  void doesTheSame_onManyStrandsAtOnce_swappedAtAnyTime() throws InterruptedException {
    Drive calm = run(conversation(), NEVER);
    ByteTerminalPlan shared = plan("1.0.0");
    for (int seed = 0; seed < SEEDS; seed++) {
      List<Drive> drives = new ArrayList<>();
      List<Iterator<Runnable>> strands = new ArrayList<>();
      for (int i = 0; i < STRANDS; i++) {
        Drive drive = new Drive(shared, NEVER);
        drives.add(drive);
        strands.add(drive.steps(conversation()));
      }
      StrandRunner.interleave(seed, strands, strand -> drives.get(strand).swap());
      for (Drive drive : drives) {
        drive.finish();
        assertSame(drive, calm);
      }
    }
  }

  @Test
  void closesInTheEnd_whenNoConnectionCanBeMade() {
    Drive drive = new Drive(plan("1.0.0"), NEVER);
    drive.call(ByteTerminal::opened);
    for (int tries = 0; !drive.log().isClosed(); tries++) {
      assertThat(tries).as("attempts").isLessThan(PATIENCE);
      assertThat(drive.log().connects()).as("tried again, or closed").isEqualTo(tries + 1);
      drive.connectFailed();
    }
    drive.finish();
  }

  @Test
  void refusesRecordsItDoesNotKnow() {
    ByteTerminalPlan plan = plan("1.0.0");
    assertThat(plan.reads(StateRecord.empty("no.such.format", 1))).isFalse();
    StateRecord own = plan.open(new FakeByteSession()).detach();
    assertThat(plan.reads(own)).isTrue();
    assertThat(plan.reads(new StateRecord(own.format(), Integer.MAX_VALUE, own.state()))).isFalse();
  }

  private ByteTerminalPlan plan(String version) {
    ConfigNode config = config();
    ByteTerminalPlan plan = factory().plan(config, new FakePlanContext(version));
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }

  private Drive run(List<Consumer<Drive>> steps, int swapBefore) {
    Drive drive = new Drive(plan("1.0.0"), swapBefore);
    steps.forEach(step -> step.accept(drive));
    drive.finish();
    return drive;
  }

  private static void assertSame(Drive swapped, Drive calm) {
    assertThat(swapped.log().acts()).isEqualTo(calm.log().acts());
    assertThat(swapped.log().toUpstream()).isEqualTo(calm.log().toUpstream());
    assertThat(swapped.log().toDownstream()).isEqualTo(calm.log().toDownstream());
    assertThat(swapped.log().idleTimeout()).isEqualTo(calm.log().idleTimeout());
  }

  private static List<Consumer<Drive>> conversation() {
    return List.of(
        drive -> drive.call(ByteTerminal::opened),
        drive -> drive.call(ByteTerminal::connected),
        drive -> drive.fromDownstream("hello, "),
        drive -> drive.fromDownstream("world"),
        drive -> drive.call(ByteTerminal::downstreamEnded),
        drive -> drive.fromUpstream("hi "),
        drive -> drive.fromUpstream(""),
        drive -> drive.fromUpstream("there"),
        drive -> drive.call(ByteTerminal::upstreamEnded));
  }

  private static List<Consumer<Drive>> failure() {
    return List.of(
        drive -> drive.call(ByteTerminal::opened), Drive::connectFailed, Drive::connectFailed);
  }

  private static List<Consumer<Drive>> idling() {
    return List.of(
        drive -> drive.call(ByteTerminal::opened),
        drive -> drive.call(ByteTerminal::connected),
        drive -> drive.call(ByteTerminal::idle));
  }

  /** A connection with a terminal, driven as a host would. */
  private final class Drive {
    private final TrackingAllocator alloc = new TrackingAllocator();
    private final int swapBefore;
    private FakeByteSession session = new FakeByteSession();
    private ByteTerminal terminal;
    private int calls;

    Drive(ByteTerminalPlan plan, int swapBefore) {
      this.swapBefore = swapBefore;
      this.terminal = plan.open(session);
    }

    FakeByteSession.Log log() {
      return session.log();
    }

    void call(Consumer<ByteTerminal> action) {
      if (log().isClosed()) {
        return;
      }
      if (swapBefore == ALWAYS || swapBefore == calls) {
        swap();
      }
      calls++;
      action.accept(terminal);
      assertThat(log().misuses()).isEmpty();
    }

    Iterator<Runnable> steps(List<Consumer<Drive>> steps) {
      return steps.stream().<Runnable>map(step -> () -> step.accept(this)).iterator();
    }

    void swap() {
      if (log().isClosed()) {
        return;
      }
      log().silent(true);
      StateRecord record = terminal.detach();
      ByteTerminalPlan next = plan("1.0.1");
      assertThat(next.reads(record)).isTrue();
      session = session.renew();
      terminal = next.attach(record, session);
      log().silent(false);
    }

    void fromDownstream(String text) {
      ByteBuf data = buffer(text);
      call(terminal -> terminal.fromDownstream(data));
    }

    void fromUpstream(String text) {
      ByteBuf data = buffer(text);
      call(terminal -> terminal.fromUpstream(data));
    }

    void connectFailed() {
      Reset why = Reset.byUpstream(Reset.Reason.CONNECT_FAILURE, "refused").asRetryable();
      call(terminal -> terminal.connectFailed(why));
    }

    void finish() {
      assertThat(log().misuses()).isEmpty();
      alloc.assertNothingLeaks();
    }

    private ByteBuf buffer(String text) {
      return alloc.buffer().writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
