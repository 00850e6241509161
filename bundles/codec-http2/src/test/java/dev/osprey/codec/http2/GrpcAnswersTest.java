package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What gRPC clients hear from the proxy itself. */
class GrpcAnswersTest {
  private static RequestHead request(@Nullable String contentType) {
    RequestHead head = new RequestHead();
    head.method("POST");
    head.path("/p.S/M");
    if (contentType != null) {
      head.fields().add("content-type", contentType);
    }
    return head;
  }

  private static LocalAnswer answer(LocalReply reply) {
    return GrpcAnswers.of(reply, request("application/grpc"));
  }

  private static @Nullable String field(LocalAnswer answer, String name) {
    for (int i = 0; i < answer.head().fields().size(); i++) {
      if (answer.head().fields().name(i).equals(name)) {
        return answer.head().fields().value(i);
      }
    }
    return null;
  }

  @ParameterizedTest
  @CsvSource({
    "400, 13", "401, 16", "403, 7", "404, 12", "408, 2", "413, 2", "429, 14", "500, 2", "502, 14",
    "503, 14", "504, 14", "200, 2"
  })
  void mapsStatuses(int status, String code) {
    LocalAnswer answer =
        answer(new LocalReply(LocalReply.Kind.DIRECT, status, "detail", List.of(), "told"));

    assertThat(answer.head().status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.head().bodyLength()).isEqualTo(-1);
    assertThat(field(answer, "content-type")).isEqualTo("application/grpc");
    assertThat(field(answer, "grpc-status")).isEqualTo(code);
    assertThat(field(answer, "grpc-message")).isEqualTo("told");
  }

  @ParameterizedTest
  @CsvSource({
    "NO_ROUTE, 12",
    "NO_UPSTREAM, 14",
    "OVERFLOW, 14",
    "CONNECT_FAILURE, 14",
    "UPSTREAM_RESET, 14",
    "UPSTREAM_CANCELLED, 1",
    "UPSTREAM_TIMEOUT, 4",
    "REQUEST_TIMEOUT, 4",
    "EXTENSION_FAILURE, 2",
    "BAD_REQUEST, 13"
  })
  void mapsKinds(LocalReply.Kind kind, String code) {
    assertThat(field(answer(LocalReply.of(kind, "why")), "grpc-status")).isEqualTo(code);
  }

  @Test
  void keepsWhatAFilterSaid() {
    LocalAnswer answer =
        answer(
            new LocalReply(
                LocalReply.Kind.DIRECT,
                403,
                "",
                List.of(Map.entry("grpc-status", "8"), Map.entry("content-type", "text/html")),
                "<p>"));

    assertThat(field(answer, "grpc-status")).isEqualTo("8");
    assertThat(field(answer, "content-type")).isEqualTo("application/grpc");
  }

  /** A call whose answer has begun, with more of it behind a window of nothing. */
  private static Rig answering(String type) {
    Rig rig = Rig.server();
    rig.feed(
        FrameBytes.none()
            .settings(PeerSettings.INITIAL_WINDOW_SIZE, 0)
            .post(1, "/p.S/M", "content-type", type));
    rig.respond(1, 200, false);
    rig.data(1, 100, false);
    rig.skip();
    return rig;
  }

  private static Reset lost() {
    return Reset.byUpstream(Reset.Reason.CONNECTION_LOST, "reset by 10.0.0.1");
  }

  @Test
  void aLostUpstreamEndsAnAnswerWithAStatus_alsoAfterASwap() {
    try (Rig rig = answering("application/grpc")) {
      rig.leg.swapTo(rig.planOf("\"max_concurrent_streams\": 100"));
      rig.leg.reset(1, lost());
      assertThat(rig.sent()).containsExactly("HEADERS 1 end trailers", "RST_STREAM 1 NO_ERROR");
      String out = new String(rig.leg.recording().output(), StandardCharsets.ISO_8859_1);
      assertThat(out).contains("grpc-status\00214", "grpc-message").doesNotContain("10.0.0.1");
      rig.assertGoesOn();
    }
  }

  @Test
  void timeThatIsUpIsADeadline() {
    try (Rig rig = answering("application/grpc+proto")) {
      rig.feed(FrameBytes.none().data(1, "", true));
      rig.leg.reset(1, Reset.byHost(Reset.Reason.TIMEOUT, "the stream's time is up"));
      assertThat(rig.sent()).containsExactly("HEADERS 1 end trailers");
      String out = new String(rig.leg.recording().output(), StandardCharsets.ISO_8859_1);
      assertThat(out).contains("grpc-status\0014");
    }
  }

  @Test
  void otherCutsAreResets() {
    try (Rig rig = answering("text/plain")) {
      rig.leg.reset(1, lost());
      assertThat(rig.sent()).containsExactly("RST_STREAM 1 INTERNAL_ERROR");
    }
    try (Rig rig = answering("application/grpc")) {
      rig.leg.reset(1, Reset.byUpstream(Reset.Reason.TRUNCATED, "INTERNAL_ERROR"));
      assertThat(rig.sent()).containsExactly("RST_STREAM 1 INTERNAL_ERROR");
    }
  }

  @Test
  void percentEncodesMessages() {
    assertThat(GrpcAnswers.percentEncoded("50% of ä\n")).isEqualTo("50%25 of %C3%A4%0A");
    assertThat(GrpcAnswers.percentEncoded("x".repeat(10_000))).hasSize(1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/grpc", "application/grpc+proto", "Application/GRPC;a=b"})
  void knowsGrpcByItsContentType(String type) {
    assertThat(GrpcAnswers.fit(request(type))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "application/grp", "application/grpc-web", "application/json", "text/plain"})
  void leavesOthersAlone(String type) {
    assertThat(GrpcAnswers.fit(request(type))).isFalse();
    LocalReply reply = LocalReply.of(LocalReply.Kind.NO_ROUTE, "no route");
    assertThat(GrpcAnswers.of(reply, request(type)).head().status()).isEqualTo(404);
    assertThat(GrpcAnswers.of(reply, null).head().status()).isEqualTo(404);
  }
}
