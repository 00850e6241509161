package dev.osprey.spi.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HeadTest {
  @Test
  void readsARequestLineFromItsOffsets_andKeepsTheString() {
    RequestHead head = new RequestHead(new Fields(1, 1));
    byte[] line = "GET /a?b h".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(line, 0, head.fields().begin(new Provenance("p"), 10), 0, 10);
    head.method(0, 3);
    head.path(4, 8);
    head.authority(9, 10);
    assertThat(head.method() + head.path() + head.authority()).isEqualTo("GET/a?bh");
    assertThat(head.path()).isSameAs(head.path());
    head.path(4, 6);
    assertThat(head.path()).isEqualTo("/a");
  }

  @Test
  void forgetsEverything_whenCleared() {
    RequestHead head = new RequestHead();
    head.method("POST");
    head.path("/");
    head.authority("a");
    head.scheme("https");
    head.protocol("HTTP/1.1");
    head.upgrade("websocket");
    head.bodyLength(5);
    head.fields().add("a", "b");
    head.clear();
    assertThat(head)
        .usingRecursiveComparison()
        .ignoringFields("fields")
        .isEqualTo(new RequestHead());
    assertThat(head.method() + head.path() + head.authority()).isEmpty();
    assertThat(head.fields().size()).isZero();
  }

  @Property
  void givesBackTheTextsThatWereSet(@ForAll("latin1") String a, @ForAll("latin1") String b) {
    RequestHead head = new RequestHead(new Fields(1, 1));
    head.method(a);
    head.path(b);
    head.authority(a + b);
    head.fields().add(a, b);
    RequestHead again = new RequestHead(head.fields());
    again.method(head.methodStart(), head.methodEnd());
    again.path(head.pathStart(), head.pathEnd());
    again.authority(head.authorityStart(), head.authorityEnd());
    assertThat(again.method()).isEqualTo(a);
    assertThat(again.path()).isEqualTo(b);
    assertThat(again.authority()).isEqualTo(a + b);
  }

  @net.jqwik.api.Provide
  net.jqwik.api.Arbitrary<String> latin1() {
    return net.jqwik.api.Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(50);
  }

  @Test
  void tellsInterimHeadsFromFinalOnes() {
    ResponseHead head = new ResponseHead();
    head.status(103);
    assertThat(head.isInterim()).isTrue();
    head.status(101);
    head.opensTunnel(true);
    assertThat(head.isInterim()).isFalse();
    head.clear();
    assertThat(head.opensTunnel()).isFalse();
    assertThat(head.bodyLength()).isEqualTo(Head.UNKNOWN_LENGTH);
    head.status(200);
    assertThat(head.isInterim()).isFalse();
  }

  @Test
  void keepsRetryabilityApartFromTheReason() {
    Reset reset = Reset.byUpstream(Reset.Reason.REFUSED, "no");
    assertThat(reset.retryable()).isFalse();
    assertThat(reset.asRetryable().retryable()).isTrue();
    assertThat(LocalReply.badRequest(431, "big").kind()).isEqualTo(LocalReply.Kind.BAD_REQUEST);
    assertThat(LocalReply.of(LocalReply.Kind.NO_ROUTE, "x").body()).isEqualTo("x");
  }
}
