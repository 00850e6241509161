package dev.osprey.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/** A request to a running instance. */
sealed interface ControlRequest {
  /** A command and its words, each taken as it stands. */
  record Words(String command, List<String> arguments, boolean json) implements ControlRequest {
    @Override
    public JsonObject toJson() {
      JsonObject request = new JsonObject();
      JsonArray array = new JsonArray();
      arguments.forEach(array::add);
      request.addProperty("command", command);
      request.add("args", array);
      request.addProperty("json", json);
      return request;
    }
  }

  /** A line in the language of the Gogo shell. */
  record Line(String line) implements ControlRequest {
    @Override
    public JsonObject toJson() {
      JsonObject request = new JsonObject();
      request.addProperty("command", line);
      request.addProperty("line", true);
      return request;
    }
  }

  /** Asks how a line could go on at a place; the answer is a JSON array of words. */
  static ControlRequest complete(String buffer, int cursor) {
    return new Words("complete", List.of(buffer, Integer.toString(cursor)), true);
  }

  /** The request as it goes over the socket, without its line end. */
  JsonObject toJson();
}
