package dev.osprey.host.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.osprey.spi.config.ConfigNode;

/** A configuration tree as JSON. */
final class ConfigJson {
  private ConfigJson() {}

  static JsonElement of(ConfigNode node) {
    if (node.isMap()) {
      JsonObject object = new JsonObject();
      node.entries().forEach((key, child) -> object.add(key, of(child)));
      return object;
    }
    if (node.isList()) {
      JsonArray array = new JsonArray();
      node.items().forEach(item -> array.add(of(item)));
      return array;
    }
    return switch (node.raw()) {
      case null -> JsonNull.INSTANCE;
      case Boolean flag -> new JsonPrimitive(flag);
      case Number number -> new JsonPrimitive(number);
      case Object other -> new JsonPrimitive(other.toString());
    };
  }
}
