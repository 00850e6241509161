package dev.osprey.http.common;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.LocalReply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The proxy's own answers in HTTP's words. */
class AnswersTest {
  @ParameterizedTest
  @CsvSource({
    "DIRECT, 200",
    "BAD_REQUEST, 400",
    "NO_ROUTE, 404",
    "NO_UPSTREAM, 503",
    "UPSTREAM_RESET, 502",
    "UPSTREAM_TIMEOUT, 504",
    "REQUEST_TIMEOUT, 408",
    "OVERFLOW, 503",
    "EXTENSION_FAILURE, 500"
  })
  void choosesAStatusByKind(LocalReply.Kind kind, int status) {
    assertThat(Answers.status(LocalReply.of(kind, "why"))).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource
  void aStatusOfItsOwnComesFirst(LocalReply.Kind kind) {
    assertThat(Answers.status(new LocalReply(kind, 418, "", List.of(), ""))).isEqualTo(418);
  }

  @Test
  void theBodyIsPlainText_unlessAFieldSaysOtherwise() {
    LocalAnswer plain = Answers.of(LocalReply.of(LocalReply.Kind.NO_ROUTE, "n\u00f6"), "HTTP/9");
    assertThat(plain.head().protocol()).isEqualTo("HTTP/9");
    assertThat(plain.head().bodyLength()).isEqualTo(3);
    assertThat(plain.head().fields().first(FieldName.of("content-type"))).isEqualTo("text/plain");
    LocalReply json =
        new LocalReply(
            LocalReply.Kind.DIRECT, 200, "", List.of(Map.entry("Content-Type", "a/b")), "{}");
    assertThat(Answers.of(json, "HTTP/9").head().fields().size()).isEqualTo(1);
    LocalReply empty = new LocalReply(LocalReply.Kind.DIRECT, 200, "", List.of(), "");
    assertThat(Answers.of(empty, "HTTP/9").head().fields().size()).isZero();
  }

  @Test
  void aRefusedMethodNamesThoseThatAreAllowed() {
    LocalReply reply = Answers.methodNotAllowed("no");
    assertThat(Answers.status(reply)).isEqualTo(405);
    assertThat(reply.fields()).extracting(Map.Entry::getKey).containsExactly("allow");
  }
}
