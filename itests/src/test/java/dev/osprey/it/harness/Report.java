package dev.osprey.it.harness;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Optional;

/** A report of the host on one change, as its {@code reports} command and its file give it. */
public record Report(JsonObject json) {
  /** Counts the changes of a data folder from 1, over all its processes. */
  public long number() {
    return json.get("number").getAsLong();
  }

  /** Whether the change is in use. */
  public boolean isPublished() {
    return text("result").equals("published");
  }

  /** Whether nothing has changed. */
  public boolean isRefused() {
    return text("result").equals("refused");
  }

  /** Why it was refused; empty when it was not. */
  public String refusal() {
    return text("refusal");
  }

  /** What was changed, in words. */
  public String cause() {
    return text("cause");
  }

  /** {@code done}, or why there was no rehearsal. */
  public String rehearsal() {
    return text("rehearsal");
  }

  /** Messages rehearsed for all plans together. */
  public long rehearsedMessages() {
    long messages = 0;
    for (JsonElement rehearsed : json.getAsJsonArray("rehearsals")) {
      messages += rehearsed.getAsJsonObject().get("messages").getAsLong();
    }
    return messages;
  }

  /** Connections that went over to the new code at once. */
  public long connectionsMoved() {
    return json.get("connections_moved").getAsLong();
  }

  /** Connections whose state the new code could not read. */
  public long fellBack() {
    return json.get("fell_back").getAsLong();
  }

  /** The longest time that the change held an event loop. */
  public double longestStallMillis() {
    return json.get("longest_stall_micros").getAsDouble() / 1000;
  }

  /** How long it took until every strand had the change and its connections ran it. */
  public double publishMillis() {
    return json.get("publish_micros").getAsDouble() / 1000;
  }

  /** The number of the bundle that was in use; -1 when there was none or it is not concerned. */
  public long fromBundle(String symbolicName) {
    return bundle(symbolicName, "from");
  }

  /** The number of the bundle that is in use; -1 when there is none or it is not concerned. */
  public long toBundle(String symbolicName) {
    return bundle(symbolicName, "to");
  }

  /** The version of a bundle that was in use; empty when there was none or it is not concerned. */
  public String from(String symbolicName) {
    return version(symbolicName, "from");
  }

  /** The version of a bundle that is in use; empty when there is none or it is not concerned. */
  public String to(String symbolicName) {
    return version(symbolicName, "to");
  }

  /** What became of the old class loader of a bundle. */
  public String classLoader(String symbolicName) {
    return swap(symbolicName).map(swap -> swap.get("class_loader").getAsString()).orElse("");
  }

  /** Whether it says anything about a bundle. */
  public boolean concerns(String symbolicName) {
    return swap(symbolicName).isPresent() || json.toString().contains(symbolicName);
  }

  private String version(String symbolicName, String side) {
    return build(symbolicName, side).map(build -> build.get("version").getAsString()).orElse("");
  }

  private long bundle(String symbolicName, String side) {
    return build(symbolicName, side).map(build -> build.get("bundle").getAsLong()).orElse(-1L);
  }

  private Optional<JsonObject> build(String symbolicName, String side) {
    return swap(symbolicName)
        .map(swap -> swap.get(side))
        .filter(JsonElement::isJsonObject)
        .map(JsonElement::getAsJsonObject);
  }

  private Optional<JsonObject> swap(String symbolicName) {
    for (JsonElement element : json.getAsJsonArray("extensions")) {
      JsonObject swap = element.getAsJsonObject();
      if (swap.get("symbolic_name").getAsString().equals(symbolicName)) {
        return Optional.of(swap);
      }
    }
    return Optional.empty();
  }

  private String text(String key) {
    JsonElement value = json.get(key);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }

  @Override
  public String toString() {
    return json.toString();
  }
}
