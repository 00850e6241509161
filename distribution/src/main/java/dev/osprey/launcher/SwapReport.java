package dev.osprey.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A swap report of the host, as its {@code reports} command gives it in JSON. */
record SwapReport(JsonObject json) {
  /** All reports of an answer, the oldest first. */
  static List<SwapReport> all(String answer) {
    List<SwapReport> reports = new ArrayList<>();
    JsonElement parsed = JsonParser.parseString(answer.isBlank() ? "[]" : answer);
    JsonArray array = parsed.isJsonArray() ? parsed.getAsJsonArray() : new JsonArray();
    for (JsonElement element : array) {
      reports.add(new SwapReport(element.getAsJsonObject()));
    }
    return reports;
  }

  /** Whether the new version took over. */
  boolean isDone() {
    JsonElement outcome = json.get("outcome");
    return outcome == null || !outcome.getAsString().contains("refused");
  }

  /** The report's plain values in one line. */
  String line() {
    return json.entrySet().stream()
        .filter(entry -> entry.getValue().isJsonPrimitive())
        .map(entry -> entry.getKey() + "=" + entry.getValue().getAsString())
        .collect(Collectors.joining("  "));
  }
}
