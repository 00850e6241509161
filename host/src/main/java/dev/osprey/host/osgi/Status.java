package dev.osprey.host.osgi;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.osprey.host.control.Options;
import dev.osprey.host.io.DataPlane;
import java.nio.file.Path;

/** What the launcher shows of an instance that serves. */
final class Status {
  private final DataPlane dataPlane;
  private final Options options;
  private final Path control;

  Status(DataPlane dataPlane, Options options, Path control) {
    this.dataPlane = dataPlane;
    this.options = options;
    this.control = control;
  }

  String json() {
    JsonArray listeners = new JsonArray();
    for (DataPlane.ListenerView view : dataPlane.listeners()) {
      JsonObject listener = new JsonObject();
      listener.addProperty("name", view.name());
      listener.addProperty("address", view.address());
      listener.addProperty("port", view.port());
      listeners.add(listener);
    }
    JsonObject json = new JsonObject();
    json.add("listeners", listeners);
    json.addProperty("deploy", options.deploy().toString());
    json.addProperty("data", options.data().toString());
    json.addProperty("ctl", control.toString());
    return json.toString();
  }
}
