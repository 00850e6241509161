package dev.osprey.host.io;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All threads of this process by name, virtual ones included, with their stacks. */
final class ThreadDump {
  private final Map<String, List<String>> stacks = new HashMap<>();

  private ThreadDump() {}

  /** Takes a dump. */
  static ThreadDump take() throws IOException {
    Path folder = Files.createTempDirectory("dump");
    Path file = folder.resolve("threads.json");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.JSON);
      ThreadDump dump = new ThreadDump();
      dump.read(JsonParser.parseString(Files.readString(file)));
      return dump;
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private void read(JsonElement document) {
    JsonObject all = document.getAsJsonObject().getAsJsonObject("threadDump");
    for (JsonElement container : all.getAsJsonArray("threadContainers")) {
      for (JsonElement thread : container.getAsJsonObject().getAsJsonArray("threads")) {
        List<String> stack = new ArrayList<>();
        thread
            .getAsJsonObject()
            .getAsJsonArray("stack")
            .forEach(frame -> stack.add(frame.getAsString()));
        stacks.put(thread.getAsJsonObject().get("name").getAsString(), stack);
      }
    }
  }

  /** The stacks of the threads whose name starts so. */
  Map<String, List<String>> startingWith(String prefix) {
    Map<String, List<String>> found = new HashMap<>(stacks);
    found.keySet().removeIf(name -> !name.startsWith(prefix));
    return found;
  }
}
