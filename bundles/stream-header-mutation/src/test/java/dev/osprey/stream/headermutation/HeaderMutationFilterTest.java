package dev.osprey.stream.headermutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.Verdict;
import dev.osprey.testkit.FakeStreamSession;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderMutationFilterTest {
  private static final int ROUNDS = 20_000;

  private static RequestHead head(String... fields) {
    RequestHead head = new RequestHead();
    head.method("GET");
    head.path("/a?b=c");
    head.authority("example.org");
    head.protocol("HTTP/1.1");
    for (int i = 0; i < fields.length; i += 2) {
      head.fields().add(fields[i], fields[i + 1]);
    }
    return head;
  }

  private static Fields request(String json, RequestHead head) {
    StreamFilter filter = Plans.plan(json).open(new FakeStreamSession(head));
    assertThat(filter.onRequestHead(head, true)).isEqualTo(Verdict.CONTINUE);
    return head.fields();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "APPEND_IF_EXISTS_OR_ADD, X-A: old|x-a: new, x-a: new",
        "ADD_IF_ABSENT, X-A: old, x-a: new",
        "OVERWRITE_IF_EXISTS_OR_ADD, X-A: new, x-a: new",
        "OVERWRITE_IF_EXISTS, X-A: new, -",
      })
  void doesAsTheActionSays(String action, String whenThere, String whenAbsent) {
    String config =
        Plans.append("{'key': 'x-a', 'value': 'new'}", ", 'append_action': '" + action + "'");
    assertThat(lines(request(config, head("X-A", "old")))).isEqualTo(whenThere);
    assertThat(lines(request(config, head()))).isEqualTo(whenAbsent == null ? "" : whenAbsent);
  }

  private static String lines(Fields fields) {
    return fields.toString().strip().replace('\n', '|');
  }

  @Test
  void removesAllOfAName_inTheOrderOfTheMutations() {
    Fields fields =
        request(
            """
            {'mutations': {'request_mutations': [
              {'append': {'header': {'key': 'a', 'value': '1'}}},
              {'remove': 'A'},
              {'append': {'header': {'key': 'a', 'value': '2'}}}]}}
            """,
            head("a", "0", "b", "0", "A", "0"));
    assertThat(lines(fields)).isEqualTo("b: 0|a: 2");
  }

  @Test
  void leavesOutEmptyValues_unlessTheyAreToBeKept() {
    String header = "{'key': 'x', 'value': '%REQ(missing)%'}";
    assertThat(lines(request(Plans.append(header, ""), head()))).isEmpty();
    assertThat(lines(request(Plans.append(header, ", 'keep_empty_value': true"), head())))
        .isEqualTo("x:");
  }

  @ParameterizedTest
  @CsvSource({
    "%REQ(x-in)%, value",
    "%REQ(missing?X-In):3%, val",
    "%REQ(:method)% %REQ(:PATH)% %REQ(:authority)% %REQ(:scheme)%, GET /a?b=c example.org http",
    "%REQ(host)%, example.org",
    "%PROTOCOL%, HTTP/1.1",
    "100%% %CONNECTION_ID%, 100% 7",
    "%DOWNSTREAM_REMOTE_ADDRESS%, 127.0.0.1:40000",
    "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%, 127.0.0.1",
    "%DOWNSTREAM_LOCAL_PORT%, 8080",
  })
  void fillsInOperators(String value, String expected) {
    String config = Plans.append("{'key': 'x', 'value': '%s'}".formatted(value), "");
    assertThat(request(config, head("x-in", "value")).value(1)).isEqualTo(expected);
  }

  @Test
  void changesAnswersAndTrailers() {
    RequestHead head = head();
    FakeStreamSession session = new FakeStreamSession(head);
    StreamFilter filter =
        Plans.plan(
                """
                {'mutations': {
                  'request_trailer_mutations': [{'remove': 'a'}],
                  'response_mutations': [{'append': {'header':
                    {'key': 'x', 'value': '%RESPONSE_CODE% %RESP(:status)% %RESP(a)%%RESP(b)%'}}}],
                  'response_trailer_mutations': [
                    {'append': {'header': {'key': 't', 'value': '%RESP(a)%'}}}]}}
                """)
            .open(session);
    ResponseHead answer = new ResponseHead();
    answer.status(204);
    answer.fields().add("a", "1");
    session.answered(answer);
    var _ = filter.onResponseHead(answer, false);
    assertThat(lines(answer.fields())).isEqualTo("a: 1|x: 204 204 1");
    Fields trailers = new Fields();
    trailers.add("a", "0");
    var _ = filter.onRequestTrailers(trailers);
    assertThat(trailers.size()).isZero();
    var _ = filter.onResponseTrailers(trailers);
    assertThat(lines(trailers)).isEqualTo("t: 1");
  }

  @Test
  void allocatesNothing_whenNoValueLooksAtTheStream() {
    StreamFilterPlan plan =
        Plans.plan(
            """
            {'mutations': {
              'request_mutations': [
                {'append': {'header': {'key': 'x-a', 'value': 'constant'}}}, {'remove': 'x-in'}],
              'response_mutations': [{'append': {'header': {'key': 'x-b', 'value': 'constant'},
                'append_action': 'OVERWRITE_IF_EXISTS_OR_ADD'}}]}}
            """);
    RequestHead head = head();
    ResponseHead answer = new ResponseHead();
    FakeStreamSession session = new FakeStreamSession(head);
    spin(plan, session, head, answer);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    spin(plan, session, head, answer);
    long perStream = (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
    assertThat(perStream).isZero();
  }

  private static void spin(
      StreamFilterPlan plan, FakeStreamSession session, RequestHead head, ResponseHead answer) {
    for (int i = 0; i < ROUNDS; i++) {
      head.fields().clear();
      answer.fields().clear();
      StreamFilter filter = plan.open(session);
      var _ = filter.onRequestHead(head, true);
      var _ = filter.onResponseHead(answer, true);
      filter.ended();
    }
  }
}
