package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.testkit.toy.ToyMuxBytes;
import dev.osprey.testkit.toy.ToyMuxFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ThrowingExtensionsTest {
  private static final byte[] REQUEST = ToyMuxBytes.client().request(1, "/", true).toBytes();

  @Test
  void throwsFromTheNthCallOn_ofEitherSide() {
    Fault fault = new Fault("decode", 2, Fault.Kind.RUNTIME_EXCEPTION);
    Leg leg = Leg.server(plan(fault), new TrackingAllocator(), Reactions.NONE);
    assertThatThrownBy(() -> leg.feed(REQUEST)).hasMessage("injected into decode");
    assertThat(fault.calls()).isEqualTo(2);
  }

  @Test
  void throwsEveryKind_beforeOrAfterTheRealCall() {
    assertThatThrownBy(plan(new Fault("rehearsals", 1, Fault.Kind.ERROR))::rehearsals)
        .isInstanceOf(InternalError.class);
    assertThatThrownBy(plan(new Fault("rehearsals", 1, Fault.Kind.STACK_OVERFLOW))::rehearsals)
        .isInstanceOf(StackOverflowError.class);
    RecordingHost host = RecordingHost.fresh(Reactions.NONE);
    Fault late = new Fault("goodbye", 1, Fault.Kind.RUNTIME_EXCEPTION).afterwards();
    assertThatThrownBy(plan(late).server(host)::goodbye).hasMessage("injected into goodbye");
    assertThat(host.recording().output()).isNotEmpty();
  }

  @Test
  void releasesWhatChangedHands() {
    ServerCodec codec =
        plan(new Fault("data", 1, Fault.Kind.RUNTIME_EXCEPTION))
            .server(RecordingHost.fresh(Reactions.NONE));
    ByteBuf data = Unpooled.buffer();
    assertThatThrownBy(() -> codec.data(1, data, true)).hasMessage("injected into data");
    assertThat(data.refCnt()).isZero();
  }

  @Test
  void namesAllCallbacks() {
    assertThat(ThrowingExtensions.callbacks(ServerCodec.class))
        .contains("decode", "respond", "detach", "closed", "isAtRest");
  }

  private static CodecPlan plan(Fault fault) {
    CodecPlan real = new ToyMuxFactory().plan(ConfigNodes.empty(), new FakePlanContext("1"));
    return ThrowingExtensions.codec(real, fault);
  }
}
