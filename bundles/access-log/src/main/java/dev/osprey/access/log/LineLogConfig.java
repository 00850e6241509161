package dev.osprey.access.log;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessLogPlan;
import java.util.List;

/**
 * A checked access log.
 *
 * @param target path of the file, or a constant of {@link AccessLogPlan}
 * @param format how a line is worded
 */
record LineLogConfig(String target, LineFormat format) {
  /** Envoy's default. */
  static final String DEFAULT_FORMAT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
          + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
          + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
          + " \"%UPSTREAM_HOST%\"\n";

  private static final List<String> FORMATS =
      List.of("text_format_source", "text_format", "json_format");

  static LineLogConfig from(ConfigNode node, Destination destination) {
    return new LineLogConfig(
        destination.target(node),
        node.object("log_format", LineLogConfig::format)
            .orElseGet(() -> TextFormat.of(DEFAULT_FORMAT, false, node)));
  }

  private static LineFormat format(ConfigNode node) {
    node.allowOnly("text_format_source", "text_format", "json_format", "omit_empty_values");
    List<String> given = FORMATS.stream().filter(node::has).toList();
    boolean omits = node.flag("omit_empty_values", false);
    if (given.size() != 1) {
      String found = given.isEmpty() ? "none" : String.join(" and ", given);
      node.say("expected one of " + String.join(", ", FORMATS) + ", found " + found);
      return TextFormat.of("", omits, node);
    }
    ConfigNode format = node.required(given.getFirst());
    return switch (given.getFirst()) {
      case "json_format" -> JsonFormat.of(format, omits);
      case "text_format" -> TextFormat.of(format.asString(), omits, format);
      default -> {
        format.allowOnly("inline_string");
        String text = format.requiredString("inline_string");
        yield TextFormat.of(text, omits, format.get("inline_string").orElse(format));
      }
    };
  }
}
