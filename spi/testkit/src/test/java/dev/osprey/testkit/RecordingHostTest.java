package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

class RecordingHostTest {
  private static final Reset OVER = Reset.byHost(Reset.Reason.DRAINING, "over");

  private final RecordingHost host = RecordingHost.fresh(Reactions.NONE);

  @Test
  void recordsEventsAsText_andCollectsOutputInOrder() {
    host.onRequest(1, RouterContract.head("GET", "a", "/x", "k", "v"), false);
    host.onData(1, text("ab"), false);
    host.onTrailers(1, new Fields());
    host.out().writeByte('1');
    host.write(text("2"));
    host.out().writeByte('3');
    assertThat(host.recording().events().toString())
        .isEqualTo("[request 1 GET a /x length=0 {k: v}, data 1 ab, trailers 1 end]");
    assertThat(host.recording().outputText()).isEqualTo("123");
    host.recording().assertNoMisuse();
    host.recording().alloc().assertNothingLeaks();
  }

  @Test
  void findsDataAfterTheEnd() {
    host.onRequest(1, new RequestHead(), true);
    host.onData(1, text("x"), true);
    misused("nothing is awaited");
  }

  @Test
  void findsADoubleEnd() {
    host.onRequest(1, new RequestHead(), false);
    host.onTrailers(1, new Fields());
    host.onTrailers(1, new Fields());
    misused("nothing is awaited");
  }

  @Test
  void findsAnswersNobodyAskedFor() {
    ResponseHead head = new ResponseHead();
    head.status(200);
    host.onResponse(1, head, true);
    misused("nothing is awaited");
  }

  @Test
  void findsActsAfterClose() {
    host.close(OVER);
    host.out().writeByte('x');
    misused("wrote after close");
  }

  @Test
  void findsReportsAfterClose() {
    host.close(OVER);
    host.onGoodbye();
    misused("reported after close");
  }

  @Test
  void findsActsOfADetachedInstance() {
    RecordingHost next = host.renew();
    next.out().writeByte('x');
    next.recording().assertNoMisuse();
    host.out().writeByte('y');
    misused("after detach");
  }

  @Test
  void findsAReleasedOutput() {
    host.out().release();
    host.recording().output();
    misused("out()");
  }

  @Test
  void namesWhereALeakWasAllocated() {
    ByteBuf kept = text("kept");
    assertThatThrownBy(host.recording().alloc()::assertNothingLeaks)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("RecordingHostTest.text");
    kept.release();
    host.recording().alloc().assertNothingLeaks();
  }

  private void misused(String how) {
    assertThatThrownBy(host.recording()::assertNoMisuse)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(how);
  }

  private ByteBuf text(String text) {
    ByteBuf buffer = host.alloc().buffer();
    buffer.writeBytes(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    return buffer;
  }
}
