package dev.osprey.access.log;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A line that is one JSON object, its keys in the order of the configuration. */
final class JsonFormat implements LineFormat {
  private static final int MAX_DEPTH = 32;

  private final Json root;

  private JsonFormat(Json root) {
    this.root = root;
  }

  /** Compiles; mistakes are recorded on the nodes. */
  static JsonFormat of(ConfigNode node, boolean omits) {
    if (!node.isMap()) {
      node.problem("a map of names to format strings");
    }
    return new JsonFormat(members(node, omits, 1));
  }

  @Override
  public void append(AccessRecord record, ByteBuf line) {
    root.append(record, line);
    line.writeByte('\n');
  }

  private static Json members(ConfigNode node, boolean omits, int depth) {
    if (depth > MAX_DEPTH) {
      node.say("expected at most " + MAX_DEPTH + " levels, found more");
      return text("");
    }
    Map<String, ConfigNode> entries = node.entries();
    byte[][] keys = new byte[entries.size()][];
    Json[] values = new Json[keys.length];
    int i = 0;
    for (Map.Entry<String, ConfigNode> entry : entries.entrySet()) {
      keys[i] = bytes("\"" + ascii(Json.inside(entry.getKey())) + "\":");
      values[i++] = value(entry.getValue(), omits, depth);
    }
    return new Json.Members(keys, values, omits);
  }

  private static Json value(ConfigNode node, boolean omits, int depth) {
    return switch (node.raw()) {
      case String format -> string(format, node, omits);
      case Map<?, ?> _ -> members(node, omits, depth + 1);
      case List<?> _ -> {
        node.problem("a format string or a map");
        yield text("");
      }
      case null -> constant("null");
      case Double number when !Double.isFinite(number) -> {
        node.problem("a number that JSON can hold");
        yield text("");
      }
      case Object constant -> constant(constant.toString());
    };
  }

  private static Json string(String format, ConfigNode node, boolean omits) {
    List<Operator> operators = FormatReader.read(format, node, true);
    boolean isSingle = operators.size() == 1 && !(operators.getFirst() instanceof Literal);
    return isSingle
        ? new Json.Single(operators.getFirst())
        : new Json.Mixed(operators.toArray(Operator[]::new), omits);
  }

  private static Json text(String text) {
    return constant("\"" + text + "\"");
  }

  private static Json constant(String json) {
    return new Json.Constant(bytes(json));
  }

  private static byte[] bytes(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
