package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.Reset.Reason;
import dev.osprey.spi.message.Reset.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the ends of streams are called on the wire, and what the names on the wire mean. */
class ErrorCodeTest {
  /** Whose doing, why, whether to be tried again; the code for a client and for an upstream. */
  private static final String TABLE =
      """
      HOST       TIMEOUT           once  INTERNAL_ERROR    CANCEL
      UPSTREAM   TIMEOUT           once  INTERNAL_ERROR    CANCEL
      DOWNSTREAM TIMEOUT           once  INTERNAL_ERROR    CANCEL
      HOST       OVERFLOW          once  ENHANCE_YOUR_CALM CANCEL
      HOST       OVERFLOW          again REFUSED_STREAM    CANCEL
      UPSTREAM   OVERFLOW          once  ENHANCE_YOUR_CALM CANCEL
      HOST       DRAINING          once  INTERNAL_ERROR    CANCEL
      HOST       DRAINING          again REFUSED_STREAM    CANCEL
      UPSTREAM   DRAINING          again REFUSED_STREAM    CANCEL
      UPSTREAM   CONNECT_FAILURE   once  INTERNAL_ERROR    CANCEL
      HOST       CONNECT_FAILURE   once  INTERNAL_ERROR    CANCEL
      HOST       EXTENSION_FAILURE once  INTERNAL_ERROR    INTERNAL_ERROR
      UPSTREAM   REFUSED           once  INTERNAL_ERROR    CANCEL
      UPSTREAM   REFUSED           again REFUSED_STREAM    CANCEL
      UPSTREAM   PROTOCOL_ERROR    once  INTERNAL_ERROR    PROTOCOL_ERROR
      DOWNSTREAM PROTOCOL_ERROR    once  PROTOCOL_ERROR    CANCEL
      HOST       PROTOCOL_ERROR    once  INTERNAL_ERROR    CANCEL
      UPSTREAM   TRUNCATED         once  INTERNAL_ERROR    CANCEL
      DOWNSTREAM TRUNCATED         once  INTERNAL_ERROR    CANCEL
      UPSTREAM   CONNECTION_LOST   once  INTERNAL_ERROR    CANCEL
      DOWNSTREAM CONNECTION_LOST   once  INTERNAL_ERROR    CANCEL
      UPSTREAM   CANCELLED         once  CANCEL            CANCEL
      DOWNSTREAM CANCELLED         once  CANCEL            CANCEL
      """;

  /**
   * A code of the peer's, and why the stream ended then; it is never the peer that broke a rule.
   */
  private static final String MEANINGS =
      """
      NO_ERROR            CANCELLED
      PROTOCOL_ERROR      TRUNCATED
      INTERNAL_ERROR      TRUNCATED
      FLOW_CONTROL_ERROR  TRUNCATED
      SETTINGS_TIMEOUT    TIMEOUT
      STREAM_CLOSED       TRUNCATED
      FRAME_SIZE_ERROR    TRUNCATED
      REFUSED_STREAM      REFUSED
      CANCEL              CANCELLED
      COMPRESSION_ERROR   TRUNCATED
      CONNECT_ERROR       CONNECTION_LOST
      ENHANCE_YOUR_CALM   OVERFLOW
      INADEQUATE_SECURITY TRUNCATED
      HTTP_1_1_REQUIRED   REFUSED
      """;

  private static List<String[]> rows(String table) {
    return table.lines().map(line -> line.split(" +")).toList();
  }

  @Test
  void tellsEachSideWhyAStreamEnds() {
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    for (String[] row : rows(TABLE)) {
      Reason reason = Reason.valueOf(row[1]);
      reasons.add(reason);
      Reset why = new Reset(Source.valueOf(row[0]), reason, row[2].equals("again"), "x");
      assertThat(ErrorCode.forClient(why)).as("%s", why).hasToString(row[3]);
      assertThat(ErrorCode.forUpstream(why)).as("%s", why).hasToString(row[4]);
    }
    assertThat(reasons).containsExactlyInAnyOrder(Reason.values());
  }

  @Test
  void tellsAClientThatATunnelIsCut_asOfAResetOfTcp() {
    for (Reason reason : Reason.values()) {
      Reset why = Reset.byUpstream(reason, "x");
      boolean lost = reason == Reason.CONNECTION_LOST || reason == Reason.TRUNCATED;
      assertThat(ErrorCode.forTunnel(why))
          .as("%s", why)
          .isEqualTo(lost ? ErrorCode.CANCEL : ErrorCode.forClient(why));
    }
  }

  @Test
  void understandsWhatThePeerSays() {
    int number = 0;
    for (String[] row : rows(MEANINGS)) {
      ErrorCode code = ErrorCode.of(number);
      Reset reset = code.reset(Source.UPSTREAM);
      assertThat(code).hasToString(row[0]);
      assertThat(code.number()).isEqualTo(number++);
      assertThat(reset.reason()).as(row[0]).hasToString(row[1]);
      // Nothing else says that the request was not acted upon (section 8.7).
      assertThat(reset.retryable()).isEqualTo(code == ErrorCode.REFUSED_STREAM);
    }
    assertThat(ErrorCode.of(number)).isEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(ErrorCode.of(-1)).isEqualTo(ErrorCode.INTERNAL_ERROR);
  }

  @Test
  void blamesThePeerForWhatWeFound() {
    for (ErrorCode code : ErrorCode.values()) {
      boolean blamesUs = code.reset(Source.UPSTREAM).reason() == Reason.TRUNCATED;
      assertThat(code.reason() == Reason.PROTOCOL_ERROR)
          .as("%s", code)
          .isEqualTo(blamesUs && code != ErrorCode.INTERNAL_ERROR);
    }
    assertThat(ErrorCode.ENHANCE_YOUR_CALM.reason()).isEqualTo(Reason.OVERFLOW);
  }

  @Test
  void passesOnWhatAnUpstreamSays_soThatTheClientDoesNotTryAgainInVain() {
    Set<String> retried = new TreeSet<>();
    for (ErrorCode code : ErrorCode.values()) {
      if (ErrorCode.forClient(code.reset(Source.UPSTREAM)) == ErrorCode.REFUSED_STREAM) {
        retried.add(code.name());
      }
    }
    assertThat(retried).containsExactly("REFUSED_STREAM");
  }
}
