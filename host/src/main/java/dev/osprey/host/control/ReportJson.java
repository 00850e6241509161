package dev.osprey.host.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.osprey.host.io.DataPlane;
import dev.osprey.host.rehearsal.Rehearsed;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reports as JSON. */
public final class ReportJson {
  private ReportJson() {}

  /** One report as an object. */
  public static JsonObject of(Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("number", report.number());
    json.addProperty("time", report.time().toString());
    json.addProperty("cause", report.cause());
    json.addProperty("result", report.result().name().toLowerCase(Locale.ROOT));
    json.addProperty("generation", report.generation());
    JsonArray swaps = new JsonArray();
    report.swaps().forEach(swap -> swaps.add(of(swap)));
    json.add("extensions", swaps);
    DataPlane.Moves moves = report.moves();
    if (moves != null) {
      json.addProperty("connections_moved", moves.moved());
      json.addProperty("fell_back", moves.fellBack());
      json.addProperty("longest_stall_micros", moves.longestSliceNanos() / 1000.0);
      json.addProperty("publish_micros", moves.nanos() / 1000.0);
    }
    Report.Stalls stalls = report.stalls();
    if (stalls != null) {
      json.add("strand_stalls", of(stalls));
    }
    json.addProperty("rehearsal", report.rehearsal());
    JsonArray rehearsals = new JsonArray();
    report.rehearsals().forEach(rehearsed -> rehearsals.add(of(rehearsed)));
    json.add("rehearsals", rehearsals);
    if (!report.text().isEmpty()) {
      boolean refused = report.result() == Report.Result.REFUSED;
      json.addProperty(refused ? "refusal" : "note", report.text());
    }
    return json;
  }

  private static JsonObject of(Report.Stalls stalls) {
    JsonObject json = new JsonObject();
    measured(json, "change", stalls.change());
    Report.Measured control = stalls.control();
    if (control != null) {
      measured(json, "control", control);
    }
    return json;
  }

  private static void measured(JsonObject json, String window, Report.Measured measured) {
    json.addProperty(window + "_millis", measured.millis());
    json.addProperty(window + "_longest_micros", measured.longestNanos() / 1000.0);
  }

  private static JsonObject of(Report.Swap swap) {
    JsonObject json = new JsonObject();
    json.addProperty("symbolic_name", swap.symbolicName());
    JsonArray names = new JsonArray();
    swap.extensions().forEach(names::add);
    json.add("names", names);
    build(json, "from", swap.from());
    build(json, "to", swap.to());
    if (swap.from() != null) {
      json.addProperty("finished_on_old", swap.finishedOnOld());
      if (swap.drainMillis() >= 0) {
        json.addProperty("drain_millis", swap.drainMillis());
      }
      json.addProperty("class_loader", swap.classLoader());
    }
    return json;
  }

  private static void build(JsonObject json, String side, Report.@Nullable Build build) {
    if (build == null) {
      json.add(side, JsonNull.INSTANCE);
      return;
    }
    JsonObject object = new JsonObject();
    object.addProperty("version", build.version());
    object.addProperty("bundle", build.bundleId());
    json.add(side, object);
  }

  private static JsonObject of(Rehearsed rehearsed) {
    JsonObject json = new JsonObject();
    json.addProperty("slot", rehearsed.slot());
    json.addProperty("extension", rehearsed.extension());
    json.addProperty("messages", rehearsed.messages());
    json.addProperty("first_nanos", rehearsed.firstNanos());
    json.addProperty("last_nanos", rehearsed.lastNanos());
    return json;
  }
}
