package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.Report;
import dev.osprey.it.harness.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Both I/O models in one process, seen from outside. */
class IoModelIT {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  @Test
  void showsEachConnectionsThreadInItsOwnSocketRead() throws IOException {
    int loops = Ports.free();
    int threads = Ports.free();
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Osprey osprey = Osprey.start(both(loops, threads, upstream))) {
      List<RawHttp> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(answered(loops));
        clients.add(answered(threads));
      }

      Map<String, String> stacks = virtualThreads(osprey);
      List<String> ours =
          stacks.keySet().stream().filter(name -> name.startsWith("osprey-conn-")).toList();
      assertThat(ours)
          .as("five clients of the thread listener, and the connections upstream they use")
          .hasSizeBetween(6, 10)
          .filteredOn(name -> name.startsWith("osprey-conn-threads-"))
          .hasSize(5);
      assertThat(ours)
          .allSatisfy(name -> assertThat(stacks.get(name)).contains("SocketChannelImpl.read"));
      assertThat(models(osprey, "loops")).containsOnly("reactor").hasSize(5);
      assertThat(models(osprey, "threads")).containsOnly("thread").hasSize(5);
      clients.forEach(RawHttp::close);
    }
  }

  @Test
  void changesAListenersModel_andKeepsItsConnections() {
    int port = Ports.free();
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Osprey osprey = Osprey.start(one(port, "reactor", upstream))) {
      RawHttp first = answered(port);
      change(osprey, one(port, "thread", upstream));
      RawHttp second = answered(port);
      ask(first);
      change(osprey, one(port, "reactor", upstream));
      RawHttp third = answered(port);
      ask(first);
      ask(second);

      assertThat(models(osprey, "some")).containsExactlyInAnyOrder("reactor", "thread", "reactor");
      List.of(first, second, third).forEach(RawHttp::close);
      await("all are gone").until(() -> models(osprey, "some").isEmpty());
    }
  }

  private static Config both(int loops, int threads, ScriptedUpstream upstream) {
    return Config.empty()
        .withHttp("loops", loops, "app")
        .in("reactor")
        .withHttp("threads", threads, "app")
        .in("thread")
        .withCluster("app", upstream.port());
  }

  private static Config one(int port, String model, ScriptedUpstream upstream) {
    return Config.empty()
        .withHttp("some", port, "app")
        .in(model)
        .withCluster("app", upstream.port());
  }

  private static void change(Osprey osprey, Config config) {
    long before = osprey.reports().newest();
    osprey.configure(config.toString());
    osprey.reports().awaitAfter(before, "the model is in use", Report::isPublished);
  }

  private static RawHttp answered(int port) {
    RawHttp client = RawHttp.connect(port);
    ask(client);
    return client;
  }

  private static void ask(RawHttp client) {
    assertThat(client.send(GET).readMessage()).startsWith("HTTP/1.1 200");
  }

  private static List<String> models(Osprey osprey, String listener) {
    List<String> models = new ArrayList<>();
    for (JsonElement row : osprey.ctl().json("connections").getAsJsonArray()) {
      JsonObject connection = row.getAsJsonObject();
      if (connection.get("owner").getAsString().equals(listener)) {
        models.add(connection.get("io_model").getAsString());
      }
    }
    return models;
  }

  private static Map<String, String> virtualThreads(Osprey osprey) throws IOException {
    Path file = osprey.folder().resolve("threads.json");
    Programs.run(
            osprey.folder(),
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(osprey.pid()),
            "Thread.dump_to_file",
            "-format=json",
            file.toString())
        .orFail();
    Map<String, String> stacks = new HashMap<>();
    JsonObject dump = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    for (JsonElement container :
        dump.getAsJsonObject("threadDump").getAsJsonArray("threadContainers")) {
      for (JsonElement thread : container.getAsJsonObject().getAsJsonArray("threads")) {
        JsonObject one = thread.getAsJsonObject();
        stacks.put(one.get("name").getAsString(), one.get("stack").toString());
      }
    }
    return stacks;
  }
}
