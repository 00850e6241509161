package dev.osprey.access.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.osprey.spi.log.AccessLogPlan;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class EscapeTest {
  @Test
  void keepsOneLineOneLine() {
    Entry entry = new Entry().field("a", "x\r\nfake \"line\" \\ \u001b[2J\u0000\u007f\u0085\u00e9");
    assertThat(Lines.text("\"%REQ(a)%\"", entry))
        .isEqualTo("\"x\\x0D\\x0Afake \\x22line\\x22 \\x5C \\x1B[2J\\x00\\x7F\\x85\\xE9\"");
    entry.cluster = "cl\nu\u2028";
    assertThat(Lines.text("%UPSTREAM_CLUSTER%", entry)).isEqualTo("cl\\x0Au\\u2028");
  }

  @Test
  void keepsJsonTypes() throws IOException {
    AccessLogPlan plan =
        Lines.json(
            "n: '%RESPONSE_CODE%', none: '%REQ(X)%', s: 'code %RESPONSE_CODE% %REQ(X)%', empty: {},"
                + " t: true, i: 5, d: 1.5, z: null, 'k\"é': \"l\\\\\\n\", lit: plain");
    JsonObject parsed = parse(Lines.line(plan, new Entry()));
    assertThat(parsed.get("n")).isEqualTo(new JsonPrimitive(200));
    assertThat(parsed.get("none").isJsonNull()).isTrue();
    assertThat(parsed.get("s").getAsString()).isEqualTo("code 200 -");
    assertThat(parsed.get("empty").getAsJsonObject().isEmpty()).isTrue();
    assertThat(parsed.get("t").getAsBoolean()).isTrue();
    assertThat(parsed.get("i").getAsInt()).isEqualTo(5);
    assertThat(parsed.get("d").getAsDouble()).isEqualTo(1.5);
    assertThat(parsed.get("z").isJsonNull()).isTrue();
    assertThat(parsed.get("k\"é").getAsString()).isEqualTo("l\\\n");
    assertThat(parsed.get("lit").getAsString()).isEqualTo("plain");
  }

  @Test
  void omitsEmptyMembers() throws IOException {
    AccessLogPlan plan =
        Lines.plan(
            "{ path: x, log_format: { omit_empty_values: true, json_format: { a: '%REQ(X)%', b:"
                + " '%PROTOCOL%', c: '%REQ(Y)%', d: { e: '%REQ(Z)%' }, f: '%DURATION%' } } }");
    assertThat(Lines.line(plan, new Entry())).isEqualTo("{\"b\":\"HTTP/1.1\",\"d\":{},\"f\":45}\n");
    assertThat(parse(Lines.line(plan, new Entry()))).isNotNull();
  }

  @Property
  void jsonReadsBackWhatWasReceived(
      @ForAll @CharRange(to = '\u00ff') String value, @ForAll String route) throws IOException {
    Entry entry = new Entry().field("a", value);
    entry.route = route;
    AccessLogPlan plan = Lines.json("a: '%REQ(a)%', b: '<%REQ(a)%>', r: '%ROUTE_NAME%'");
    String line = Lines.line(plan, entry);
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    JsonObject parsed = parse(line);
    assertThat(parsed.get("a").getAsString()).isEqualTo(value);
    assertThat(parsed.get("b").getAsString()).isEqualTo("<" + value + ">");
    if (!route.isEmpty()) {
      assertThat(parsed.get("r").getAsString()).isEqualTo(route);
    }
  }

  @Property
  void textStaysOneVisibleLine(@ForAll String anything) {
    Entry entry = new Entry();
    entry.route = anything;
    entry.detail = anything;
    entry.request.path(anything);
    String line = Lines.text("%ROUTE_NAME%\"%REQ(:PATH)%\"%RESPONSE_CODE_DETAILS%", entry);
    assertThat(line).matches("[ -~]*");
    assertThat(line.chars().filter(c -> c == '"').count()).isEqualTo(2);
    assertThat(line.getBytes(StandardCharsets.UTF_8)).hasSize(line.length());
  }

  private static JsonObject parse(String line) throws IOException {
    try (JsonReader reader = new JsonReader(new StringReader(line))) {
      reader.setStrictness(Strictness.STRICT);
      return JsonParser.parseReader(reader).getAsJsonObject();
    }
  }
}
