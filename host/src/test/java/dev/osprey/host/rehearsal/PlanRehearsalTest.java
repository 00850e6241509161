package dev.osprey.host.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.CodecRehearsal;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.Verdict;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.toy.ToyMuxFactory;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlanRehearsalTest {
  private final CodecPlan toy =
      new ToyMuxFactory().plan(ConfigNodes.empty(), new FakePlanContext("1.0.0"));

  @Test
  void playsTheCorpusOfAStatefulCodec_untilItsCostSettles() throws Exception {
    Rehearsed rehearsed = new PlanRehearsal().run("slot", bound(toy), true);
    long once = new PlanRehearsal().run("slot", bound(toy), false).messages();
    assertThat(rehearsed.messages()).isGreaterThan(once);
    assertThat(rehearsed.firstNanos()).isPositive();
    assertThat(rehearsed.lastNanos()).isPositive();
  }

  @Test
  void playsItOnce_whenTheCodeIsWarm() throws Exception {
    Rehearsed rehearsed = new PlanRehearsal().run("slot", bound(toy), false);
    assertThat(rehearsed.messages()).isPositive();
    assertThat(rehearsed.lastNanos()).isZero();
  }

  @Test
  void refusesACodec_thatWritesSomethingElseThanItsCorpusSays() {
    CodecRehearsal good = toy.rehearsals().getFirst();
    byte[] wrong = "wrong".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    CodecRehearsal bad = new CodecRehearsal("bad", good.request(), wrong, good.response(), null);
    assertThatThrownBy(() -> new PlanRehearsal().run("slot", bound(with(bad, true)), false))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("rehearsal \"bad\": the upstream's bytes should be \"wrong\"");
  }

  @Test
  void refusesACodec_thatDoesNotReadItsOwnRecords() {
    CodecPlan forgetful = with(toy.rehearsals().getFirst(), false);
    assertThatThrownBy(() -> new PlanRehearsal().run("slot", bound(forgetful), false))
        .hasMessageContaining("it does not read its own record");
  }

  @Test
  void playsStreamsPastAFilter_untilItsCostSettles() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    StreamFilterPlan plan =
        stream -> {
          opened.incrementAndGet();
          return new StreamFilter() {};
        };
    Rehearsed rehearsed = new PlanRehearsal().run("slot", bound(plan), true);
    assertThat(rehearsed.messages()).isEqualTo(opened.get()).isGreaterThan(100);
    assertThat(rehearsed.lastNanos()).isPositive();
  }

  @Test
  void refusesAFilter_thatReleasesWhatItIsLent() {
    StreamFilterPlan plan =
        stream ->
            new StreamFilter() {
              @Override
              public Verdict onRequestData(ByteBuf data, boolean end) {
                data.release();
                return Verdict.CONTINUE;
              }
            };
    assertThatThrownBy(() -> new PlanRehearsal().run("slot", bound(plan), false))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("onRequestData kept or released");
  }

  private CodecPlan with(CodecRehearsal rehearsal, boolean reads) {
    return new Changed(toy, List.of(rehearsal), reads);
  }

  private static Bound<?> bound(Object plan) {
    Extension extension = new Extension("codec", new ToyMuxFactory(), "toy", "1.0.0", 1, "hash", 1);
    return new Bound<>(plan, extension, "key");
  }

  /** The toy with another corpus or a bad memory. */
  private record Changed(CodecPlan toy, List<CodecRehearsal> rehearsals, boolean reads)
      implements CodecPlan {
    @Override
    public Recognition recognise(ByteBuf first) {
      return toy.recognise(first);
    }

    @Override
    public boolean isMultiplexed() {
      return toy.isMultiplexed();
    }

    @Override
    public ServerCodec server(ServerCodecHost host) {
      return toy.server(host);
    }

    @Override
    public ClientCodec client(ClientCodecHost host) {
      return toy.client(host);
    }

    @Override
    public boolean reads(StateRecord record) {
      return reads && toy.reads(record);
    }

    @Override
    public ServerCodec attachServer(StateRecord record, ServerCodecHost host) {
      return toy.attachServer(record, host);
    }

    @Override
    public ClientCodec attachClient(StateRecord record, ClientCodecHost host) {
      return toy.attachClient(record, host);
    }

    @Override
    public LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
      return toy.answer(reply, request);
    }
  }
}
