package dev.osprey.access.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonPrimitive;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Problem;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Plans and lines in short. */
final class Lines {
  private Lines() {}

  static AccessLogPlan plan(String yaml) {
    return plan(Destination.FILE, yaml);
  }

  static AccessLogPlan plan(Destination destination, String yaml) {
    ConfigNode node = ConfigNodes.yaml(yaml);
    AccessLogPlan plan =
        new LineLogFactory(destination).plan(node, FakePlanContext.without("missing"));
    assertThat(node.problems().all()).isEmpty();
    return plan;
  }

  /** The plan of a text format. */
  static AccessLogPlan text(String format) {
    return plan(
        "{ path: x, log_format: { text_format_source: { inline_string: "
            + new JsonPrimitive(format)
            + " } } }");
  }

  /** The plan of a JSON format, written as YAML's inside of a map. */
  static AccessLogPlan json(String members) {
    return plan("{ path: x, log_format: { json_format: { " + members + " } } }");
  }

  static List<String> problems(String yaml) {
    return problems(Destination.FILE, yaml);
  }

  static List<String> problems(Destination destination, String yaml) {
    ConfigNode node = ConfigNodes.yaml(yaml);
    new LineLogFactory(destination).plan(node, FakePlanContext.without("missing"));
    return node.problems().all().stream().map(Problem::toString).toList();
  }

  static String line(AccessLogPlan plan, Entry entry) {
    ByteBuf line = Unpooled.buffer();
    plan.log(entry, line);
    return line.toString(StandardCharsets.UTF_8);
  }

  /** One line of a text format, without its end. */
  static String text(String format, Entry entry) {
    String line = line(text(format), entry);
    assertThat(line).endsWith("\n");
    return line.substring(0, line.length() - 1);
  }
}
