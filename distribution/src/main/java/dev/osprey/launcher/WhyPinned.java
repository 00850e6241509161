package dev.osprey.launcher;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code ctl why-pinned}: the instance takes a heap dump, this process reads it and says what holds
 * each old version. The dump is deleted after that, for it holds what passed through the proxy.
 */
final class WhyPinned {
  static final String NAME = "why-pinned";
  private static final String KEEP = "--keep";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final ControlClient client;
  private final PrintStream out;

  WhyPinned(ControlClient client, PrintStream out) {
    this.client = client;
    this.out = out;
  }

  /** Runs it and gives the exit code: 0 if no old version without leases is left, else 1. */
  int run(List<String> words, boolean json) throws IOException {
    List<String> unknown = words.stream().filter(word -> !word.equals(KEEP)).toList();
    if (!unknown.isEmpty()) {
      throw new CommandFailure("why-pinned knows " + KEEP + " only, found " + unknown);
    }
    StringBuilder answer = new StringBuilder();
    StringBuilder errors = new StringBuilder();
    int exit = client.send(new ControlRequest.Words(NAME, List.of(), true), answer, errors);
    if (exit != 0) {
      throw new CommandFailure(answer + errors.toString().strip());
    }
    JsonObject report = JsonParser.parseString(answer.toString()).getAsJsonObject();
    Optional<Path> dump =
        Optional.ofNullable(report.get("dump"))
            .filter(JsonElement::isJsonPrimitive)
            .map(JsonElement::getAsString)
            .map(Path::of);
    try {
      explain(report, dump);
    } finally {
      if (dump.isPresent() && !words.contains(KEEP)) {
        Files.deleteIfExists(dump.get());
        report.remove("dump");
      }
    }
    out.print(json ? GSON.toJson(report) + "\n" : text(report));
    return isClean(report) ? 0 : 1;
  }

  private static void explain(JsonObject report, Optional<Path> dump) throws IOException {
    if (dump.isEmpty()) {
      return;
    }
    HeapPaths heap = HeapPaths.of(dump.get());
    for (JsonElement one : report.getAsJsonArray("pinned")) {
      JsonObject old = one.getAsJsonObject();
      Optional<List<String>> held = heap.toLoaderOf(old.get("bundle").getAsLong());
      old.addProperty("alive", held.isPresent());
      old.add("held_by", GSON.toJsonTree(held.orElse(List.of())));
    }
  }

  private static boolean isClean(JsonObject report) {
    for (JsonElement one : report.getAsJsonArray("pinned")) {
      JsonObject old = one.getAsJsonObject();
      if (old.get("leases").getAsInt() == 0 && isHeld(old)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isHeld(JsonObject old) {
    return old.get("alive").getAsBoolean() && !old.getAsJsonArray("held_by").isEmpty();
  }

  private static String text(JsonObject report) {
    List<String> lines = new ArrayList<>();
    for (JsonElement one : report.getAsJsonArray("pinned")) {
      JsonObject old = one.getAsJsonObject();
      lines.add(
          old.get("symbolic_name").getAsString()
              + " "
              + old.get("version").getAsString()
              + " (bundle "
              + old.get("bundle")
              + "): "
              + state(old));
      old.getAsJsonArray("held_by").forEach(step -> lines.add("  " + step.getAsString()));
    }
    if (lines.isEmpty()) {
      lines.add("no old version is left");
    }
    if (report.has("dump") && report.get("dump").isJsonPrimitive()) {
      lines.add("the heap dump stays in " + report.get("dump").getAsString());
    }
    return String.join("\n", lines) + "\n";
  }

  private static String state(JsonObject old) {
    int leases = old.get("leases").getAsInt();
    if (leases > 0) {
      return leases + " leases are open on it; the shortest chain to its class loader:";
    }
    if (isHeld(old)) {
      return "nothing is open on it, yet its class loader is held:";
    }
    return old.get("alive").getAsBoolean()
        ? "no object holds it, the JVM itself does for the moment, such as a compiler at work on its"
            + " code"
        : "nothing holds it; the collection for this dump has taken it";
  }
}
