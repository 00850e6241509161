package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.testkit.toy.ToyMuxFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Codecs are asked in their order, and for no more than is enough. */
class DetectionOrderTest {
  private static final Slot<CodecPlan> SURE = slot("sure", Recognition.MATCH);
  private static final Slot<CodecPlan> UNSURE = slot("unsure", Recognition.NEED_MORE);
  private static final Slot<CodecPlan> STRANGER = slot("stranger", Recognition.NO);

  private static Slot<CodecPlan> slot(String name, Recognition always) {
    return slot(name, (proxy, method, args) -> always);
  }

  private static Slot<CodecPlan> slot(String name, InvocationHandler answers) {
    Class<?>[] type = {CodecPlan.class};
    Object plan = Proxy.newProxyInstance(CodecPlan.class.getClassLoader(), type, answers);
    Extension extension = new Extension("codec", new ToyMuxFactory(), name, "1", 1, name, 1);
    return Slot.of(name, new Bound<>((CodecPlan) plan, extension, name));
  }

  private static Detection of(int bytes, List<Slot<CodecPlan>> codecs) {
    ByteBuf first = Unpooled.wrappedBuffer(new byte[bytes]);
    try {
      return Detection.of(codecs, first);
    } finally {
      first.release();
    }
  }

  @Test
  void theFirstThatKnowsThemHasThem() {
    assertThat(of(1, List.of(STRANGER, SURE, UNSURE))).isEqualTo(new Detection.Found(SURE));
    assertThat(of(1, List.of(STRANGER, STRANGER))).isInstanceOf(Detection.Nobody.class);
  }

  @Test
  void oneThatNeedsMoreIsWaitedFor_untilThereIsEnough() {
    List<Slot<CodecPlan>> codecs = List.of(UNSURE, SURE);
    assertThat(of(Detection.ENOUGH_BYTES - 1, codecs)).isEqualTo(Detection.MORE);
    assertThat(of(Detection.ENOUGH_BYTES, codecs)).isEqualTo(new Detection.Found(SURE));
    assertThat(of(Detection.ENOUGH_BYTES, List.of(UNSURE, STRANGER)))
        .isInstanceOf(Detection.Nobody.class);
  }

  @Test
  void oneThatThrowsSaysNo() {
    Slot<CodecPlan> broken =
        slot(
            "broken",
            (proxy, method, args) -> {
              throw new IllegalStateException("a bug of the codec's");
            });
    assertThat(of(1, List.of(broken, SURE))).isEqualTo(new Detection.Found(SURE));
    assertThat(broken.main().extension().failures()).isOne();
  }
}
