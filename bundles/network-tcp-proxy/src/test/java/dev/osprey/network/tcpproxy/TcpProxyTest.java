package dev.osprey.network.tcpproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.Reset.Reason;
import dev.osprey.spi.network.ByteTerminal;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
  private static final Reset FAILED = Reset.byUpstream(Reason.CONNECT_FAILURE, "refused");

  private final FakePlanContext context = FakePlanContext.without("missing");
  private final FakeSession session = new FakeSession();
  private final ByteTerminalPlan plan = plan("max_connect_attempts: 3, idle_timeout: 60s");

  @Test
  void connectsWhenOpened() {
    plan.open(session).opened();
    assertThat(session.take()).containsExactly("idle PT1M", "connect c");
    assertThat(context.count("tcp_proxy.s.connections")).isEqualTo(1);
  }

  @Test
  void triesAgain_upToItsLimit() {
    ByteTerminal proxy = opened();
    proxy.connectFailed(FAILED);
    proxy.connectFailed(FAILED);
    assertThat(session.take()).containsExactly("connect c", "connect c");
    proxy.connectFailed(FAILED);
    assertThat(session.take()).containsExactly("close UPSTREAM CONNECT_FAILURE");
    assertThat(context.count("tcp_proxy.s.connect_failures")).isEqualTo(3);
  }

  @Test
  void passesTheSameBuffers_andCountsThem() {
    ByteTerminal proxy = opened();
    proxy.connected();
    ByteBuf up = bytes("hello");
    ByteBuf down = bytes("hi");
    proxy.fromDownstream(up);
    proxy.fromUpstream(down);
    assertThat(session.take()).containsExactly("up 5", "down 2");
    assertThat(session.buffers.get(0)).isSameAs(up);
    assertThat(session.buffers.get(1)).isSameAs(down);
    assertThat(up.refCnt()).isEqualTo(1);
    assertThat(context.count("tcp_proxy.s.bytes_received")).isEqualTo(5);
    assertThat(context.count("tcp_proxy.s.bytes_sent")).isEqualTo(2);
  }

  @Test
  void carriesHalfCloseThrough_andClosesWhenBothEnded() {
    ByteTerminal proxy = opened();
    proxy.downstreamEnded();
    assertThat(session.take()).containsExactly("end up");
    proxy.fromUpstream(bytes("late"));
    proxy.upstreamEnded();
    assertThat(session.take()).containsExactly("down 4", "end down", "close DOWNSTREAM CANCELLED");
  }

  @Test
  void closesWhenIdle() {
    opened().idle();
    assertThat(session.take()).containsExactly("close HOST TIMEOUT");
  }

  @Test
  void goesOnWhereAnotherVersionStopped() {
    ByteTerminal proxy = opened();
    proxy.connectFailed(FAILED);
    proxy.downstreamEnded();
    session.take();
    ByteTerminal next = moved(proxy, plan("max_connect_attempts: 3, idle_timeout: 0s"));
    assertThat(session.take()).containsExactly("idle PT0S");
    next.connectFailed(FAILED);
    next.connectFailed(FAILED);
    assertThat(session.take()).containsExactly("connect c", "close UPSTREAM CONNECT_FAILURE");
    next.upstreamEnded();
    assertThat(session.take()).containsExactly("end down", "close DOWNSTREAM CANCELLED");
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

  private List<String> run(List<Integer> events, int move) {
    session.take();
    ByteTerminal proxy = opened();
    for (int i = 0; i < events.size(); i++) {
      if (i == move) {
        proxy = moved(proxy, plan);
        session.calls.removeLast();
      }
      tell(proxy, events.get(i));
    }
    return session.take();
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
    return to.attach(proxy.detach(), session);
  }

  private ByteTerminal opened() {
    ByteTerminal proxy = plan.open(session);
    proxy.opened();
    session.take();
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
