package dev.osprey.access.log;

import static dev.osprey.access.log.Lines.plan;
import static dev.osprey.access.log.Lines.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.gson.JsonPrimitive;
import dev.osprey.spi.log.AccessLogPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineLogConfigTest {
  private static final String TYPES = "type.googleapis.com/envoy.extensions.access_loggers.";

  @Test
  void readsTheExample() throws IOException {
    try (InputStream in = LineLogConfigTest.class.getResourceAsStream("/example.yaml")) {
      AccessLogPlan plan = plan(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(plan.target()).isEqualTo("logs/access.log");
      assertThat(Lines.line(plan, new Entry()))
          .isEqualTo(
              "{\"time\":\"2025-12-31T23:59:59.042Z\",\"request\":{\"method\":\"GET\",\"path\":"
                  + "\"/a?b=c\"},\"status\":200,\"upstream\":\"backend at 10.0.0.7:9000\"}\n");
    }
  }

  @Test
  void writesEnvoysDefault() {
    AccessLogPlan plan = plan("{ path: /var/log/access.log }");
    assertThat(plan.target()).isEqualTo("/var/log/access.log");
    assertThat(Lines.line(plan, new Entry().field("User-Agent", "curl/8")))
        .isEqualTo(
            "[2025-12-31T23:59:59.042Z] \"GET /a?b=c HTTP/1.1\" 200 - 12 3456 45 - \"-\" \"curl/8\""
                + " \"-\" \"example.com\" \"10.0.0.7:9000\"\n");
  }

  @Test
  void writesToStandardStreams() {
    assertThat(plan(Destination.STDOUT, "{}").target()).isEqualTo(AccessLogPlan.STDOUT);
    assertThat(plan(Destination.STDERR, "{ '@type': x }").target()).isEqualTo(AccessLogPlan.STDERR);
    assertThat(problems(Destination.STDOUT, "{ path: x }"))
        .containsExactly("test path: expected one of @type, log_format, found \"path\"");
  }

  @Test
  void readsOneTypePerDestination() {
    assertThat(Arrays.stream(Destination.values()).map(LineLogFactory::new))
        .extracting(LineLogFactory::name, factory -> factory.configTypes().getFirst())
        .containsExactly(
            tuple("access_log", TYPES + "file.v3.FileAccessLog"),
            tuple("stdout_access_log", TYPES + "stream.v3.StdoutAccessLog"),
            tuple("stderr_access_log", TYPES + "stream.v3.StderrAccessLog"));
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(problems("{}")).containsExactly("test path: expected a value, found nothing");
    assertThat(problems("{ path: x, log_format: {} }"))
        .containsExactly(
            "test log_format: expected one of text_format_source, text_format, json_format, found"
                + " none");
    assertThat(problems("{ path: x, log_format: { text_format: a, json_format: {} } }")).hasSize(1);
    assertThat(problems("{ path: x, log_format: { text_fromat: a } }"))
        .first()
        .asString()
        .contains("(did you mean \"text_format\"?)");
    assertThat(problems("{ path: x, log_format: { text_format_source: { filename: a } } }"))
        .hasSize(2);
    assertThat(problems("{ path: x, log_format: { json_format: [a] } }")).hasSize(1);
    assertThat(problems("{ path: x, log_format: { json_format: { a: [b], c: { d: .nan } } } }"))
        .hasSize(2);
  }

  @Test
  void refusesUnknownOperators_withTheirColumn() {
    assertThat(format("%PROTOCOL% %RESPONS_CODE%"))
        .singleElement()
        .asString()
        .startsWith("test log_format.text_format: expected one of BYTES_RECEIVED, ")
        .endsWith("found \"RESPONS_CODE\" at column 12 (did you mean \"RESPONSE_CODE\"?)");
    assertThat(problems("{ path: x, log_format: { json_format: { a: { b: '%NO%' } } } }"))
        .singleElement()
        .asString()
        .startsWith("test log_format.json_format.a.b: ")
        .contains("at column 1");
  }

  @Test
  void refusesBadOperators() {
    assertThat(format("100% sure"))
        .containsExactly(
            "test log_format.text_format: expected %NAME%, %NAME(ARGUMENT)%,"
                + " %NAME(ARGUMENT):LENGTH% or %%, found a lone % at column 4");
    assertThat(format("%REQ%")).hasSize(1);
    assertThat(format("%REQ()%")).hasSize(1);
    assertThat(format("%REQ(:STATUS)%")).hasSize(1);
    assertThat(format("%RESP(a b)%")).hasSize(1);
    assertThat(format("%PROTOCOL(x)%")).hasSize(1);
    assertThat(format("%PROTOCOL:5%")).hasSize(1);
    assertThat(format("%START_TIME(%Q)%"))
        .singleElement()
        .asString()
        .contains("a time format of strftime without %Q");
  }

  private static List<String> format(String format) {
    return problems("{ path: x, log_format: { text_format: " + new JsonPrimitive(format) + " } }");
  }
}
