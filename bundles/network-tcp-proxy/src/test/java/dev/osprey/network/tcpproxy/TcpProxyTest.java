package dev.osprey.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.Reset.Reason;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakeByteSession;
import dev.osprey.testkit.FakePlanContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final Reset FAILED = Reset.byUpstream(Reason.CONNECT_FAILURE, "refused");

  private final FakePlanContext context = FakePlanContext.without("missing");
  private FakeByteSession session = new FakeByteSession();
  private int taken;
  private final ByteTerminalPlan plan = plan("max_connect_attempts: 3, idle_timeout: 60s");

  @Test
  void connectsWhenOpened() {
    plan.open(session).opened();
    assertThat(take()).containsExactly("idle timeout PT1M", "connect c");
    assertThat(context.count("tcp_proxy.s.connections")).isEqualTo(1);
  }

  @Test
  void triesAgain_upToItsLimit() {
    ByteTerminal proxy = opened();
    proxy.connectFailed(FAILED);
    proxy.connectFailed(FAILED);
    assertThat(take()).containsExactly("connect c", "connect c");
    proxy.connectFailed(FAILED);
    assertThat(take()).containsExactly("close UPSTREAM CONNECT_FAILURE");
    assertThat(context.count("tcp_proxy.s.connect_failures")).isEqualTo(3);
  }

  @Test
  void passesBuffersOn_andCountsThem() {
    ByteTerminal proxy = opened();
    proxy.connected();
    ByteBuf up = bytes("hello");
    ByteBuf down = bytes("hi");
    proxy.fromDownstream(up);
    proxy.fromUpstream(down);
    assertThat(session.log().toUpstream()).isEqualTo("hello");
    assertThat(session.log().toDownstream()).isEqualTo("hi");
    assertThat(up.refCnt()).as("passed on, not copied").isZero();
    assertThat(down.refCnt()).as("passed on, not copied").isZero();
    assertThat(context.count("tcp_proxy.s.bytes_received")).isEqualTo(5);
    assertThat(context.count("tcp_proxy.s.bytes_sent")).isEqualTo(2);
  }

  @Test
  void carriesHalfCloseThrough_andClosesWhenBothEnded() {
    ByteTerminal proxy = opened();
    proxy.downstreamEnded();
    assertThat(take()).containsExactly("end upstream");
    proxy.fromUpstream(bytes("late"));
    proxy.upstreamEnded();
    assertThat(session.log().toDownstream()).isEqualTo("late");
    assertThat(take()).containsExactly("end downstream", "close DOWNSTREAM CANCELLED");
  }

  @Test
  void closesWhenIdle() {
    opened().idle();
    assertThat(take()).containsExactly("close HOST TIMEOUT");
  }

  @Test
  void goesOnWhereAnotherVersionStopped() {
    ByteTerminal proxy = opened();
    proxy.connectFailed(FAILED);
    proxy.downstreamEnded();
    take();
    ByteTerminal next = moved(proxy, plan("max_connect_attempts: 3, idle_timeout: 0s"));
    assertThat(take()).containsExactly("idle timeout PT0S");
    next.connectFailed(FAILED);
    next.connectFailed(FAILED);
    assertThat(take()).containsExactly("connect c", "close UPSTREAM CONNECT_FAILURE");
    next.upstreamEnded();
    assertThat(take()).containsExactly("end downstream", "close DOWNSTREAM CANCELLED");
    assertThat(context.count("tcp_proxy.s.connections")).isEqualTo(1);
  }

  @Test
  void knowsTheRecordsItReads() {
    StateRecord record = opened().detach();
    assertThat(record.format()).isEqualTo("tcp_proxy");
    assertThat(record.version()).isEqualTo(1);
    assertThat(plan.reads(record)).isTrue();
    assertThat(plan.reads(new StateRecord("tcp_proxy", 2, record.state()))).isFalse();
    assertThat(plan.reads(new StateRecord("http1", 1, record.state()))).isFalse();
    assertThat(plan.reads(StateRecord.empty("tcp_proxy", 1))).isFalse();
  }

  @Property(tries = 300)
  void behavesTheSame_whereverItMoves(
      @ForAll @Size(max = 20) List<@IntRange(max = 5) Integer> events,
      @ForAll @IntRange(max = 20) int move) {
    assertThat(run(events, move)).isEqualTo(run(events, Integer.MAX_VALUE));
  }

  // The events are in any order, also in one that no host makes: what counts is that it is the
  // same.
  private List<String> run(List<Integer> events, int move) {
    session = new FakeByteSession();
    taken = 0;
    ByteTerminal proxy = opened();
    for (int i = 0; i < events.size(); i++) {
      if (i == move) {
        proxy = moved(proxy, plan);
      }
      tell(proxy, events.get(i));
    }
    List<String> all = new ArrayList<>(take());
    all.removeIf(act -> act.startsWith("idle timeout"));
    all.add(session.log().toUpstream() + " " + session.log().toDownstream());
    return all;
  }

  /** What was told since the last call of this method. */
  private List<String> take() {
    List<String> acts = session.log().acts();
    List<String> fresh = acts.subList(taken, acts.size());
    taken = acts.size();
    return fresh;
  }

  private static void tell(ByteTerminal proxy, int event) {
    switch (event) {
      case 0 -> proxy.connected();
      case 1 -> proxy.connectFailed(FAILED);
      case 2 -> proxy.fromDownstream(bytes("abc"));
      case 3 -> proxy.fromUpstream(bytes("de"));
      case 4 -> proxy.downstreamEnded();
      default -> proxy.upstreamEnded();
    }
  }

  private ByteTerminal moved(ByteTerminal proxy, ByteTerminalPlan to) {
    StateRecord record = proxy.detach();
    session = session.renew();
    return to.attach(record, session);
  }

  private ByteTerminal opened() {
    ByteTerminal proxy = plan.open(session);
    proxy.opened();
    take();
    return proxy;
  }

  private ByteTerminalPlan plan(String keys) {
    ConfigNode node = ConfigNodes.yaml("{ stat_prefix: s, cluster: c, " + keys + " }");
    ByteTerminalPlan made = new TcpProxyFactory().plan(node, context);
    assertThat(node.problems().all()).isEmpty();
    return made;
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
