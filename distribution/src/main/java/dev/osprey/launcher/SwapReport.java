package dev.osprey.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A report of the host on a change, as its {@code reports} command gives it in JSON. */
record SwapReport(JsonObject json) {
  /** All reports of an answer, the oldest first. */
  static List<SwapReport> all(String answer) {
    JsonElement parsed = JsonParser.parseString(answer);
    List<SwapReport> reports = new ArrayList<>();
    for (JsonElement element : parsed.isJsonArray() ? parsed.getAsJsonArray() : new JsonArray()) {
      reports.add(new SwapReport(element.getAsJsonObject()));
    }
    return reports;
  }

  /** Counts the changes of an instance. */
  long number() {
    return json.get("number").getAsLong();
  }

  /** Whether it is about a bundle. */
  boolean concerns(String symbolicName) {
    return swapOf(symbolicName).isPresent() || text("refusal").contains(symbolicName);
  }

  /** Whether the new code took over. */
  boolean isPublished() {
    return text("result").equals("published");
  }

  /** What became of the bundle's old class loader, as far as it is known. */
  String classLoader(String symbolicName) {
    return swapOf(symbolicName).map(swap -> text(swap, "class_loader")).orElse("");
  }

  /** What it says of one bundle, in a line. */
  String line(String symbolicName) {
    if (!isPublished()) {
      return text("result") + "  " + text("refusal") + text("note");
    }
    StringBuilder line = new StringBuilder();
    swapOf(symbolicName)
        .ifPresent(swap ->
            line.append(version(swap.get("from"))).append(" -> ").append(version(swap.get("to"))));
    line.append("  generation ").append(text("generation"));
    line.append("  ").append(text("connections_moved")).append(" connections moved");
    line.append("  longest stall ").append(millis("longest_stall_micros"));
    line.append(rehearsed());
    return line.toString();
  }

  private String rehearsed() {
    JsonElement array = json.get("rehearsals");
    if (array == null || array.getAsJsonArray().isEmpty()) {
      return "  rehearsal: " + text("rehearsal");
    }
    JsonObject first = array.getAsJsonArray().get(0).getAsJsonObject();
    if (first.get("messages").getAsLong() == 0) {
      return "  not rehearsed: 0 messages";
    }
    return String.format(
        Locale.ROOT,
        "  rehearsed %,d messages, the first %.1f us, the last %.2f us each",
        first.get("messages").getAsLong(),
        first.get("first_nanos").getAsDouble() / 1_000,
        first.get("last_nanos").getAsDouble() / 1_000);
  }

  private Optional<JsonObject> swapOf(String symbolicName) {
    JsonElement array = json.get("extensions");
    if (array != null) {
      for (JsonElement element : array.getAsJsonArray()) {
        JsonObject swap = element.getAsJsonObject();
        if (text(swap, "symbolic_name").equals(symbolicName)) {
          return Optional.of(swap);
        }
      }
    }
    return Optional.empty();
  }

  private String millis(String key) {
    JsonElement micros = json.get(key);
    return micros == null
        ? "unknown"
        : String.format(Locale.ROOT, "%.2f ms", micros.getAsDouble() / 1_000);
  }

  private String text(String key) {
    return text(json, key);
  }

  private static String text(JsonObject object, String key) {
    JsonElement value = object.get(key);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }

  private static String version(@Nullable JsonElement build) {
    return build == null || build.isJsonNull() ? "none" : text(build.getAsJsonObject(), "version");
  }
}
