package dev.osprey.launcher;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code run} prints when it serves. */
final class Banner {
  /** Makes the text from the host's status. */
  @FunctionalInterface
  interface Text {
    String of(String status);
  }

  private static final Template DEMO =
      new Template(
          """
          ${headline}
          ${note}
            ${url}/                     the proxy; a demo upstream stands behind it
            ${url}/hello
            ${url}/echo
            ${url}/stream?seconds=60

          Try next, in another terminal:

            curl -i ${url}/echo
            ${copy}
            ${reports}

          A jar that you drop into the deploy folder takes over while requests and connections go on:

            ${deploy}

          Ctrl-C drains and ends.
          """);

  private final Home home;
  private final Path data;

  Banner(Home home, Path data) {
    this.home = home;
    this.data = data;
  }

  /** One line for each listener, and where to go on. */
  String plain(String status) {
    JsonObject json = JsonParser.parseString(status).getAsJsonObject();
    List<String> lines = new ArrayList<>();
    lines.add(headline());
    for (JsonElement element : json.getAsJsonArray("listeners")) {
      JsonObject it = element.getAsJsonObject();
      lines.add(
          "  listener %s on %s:%s"
              .formatted(text(it, "name"), text(it, "address"), text(it, "port")));
    }
    lines.add("  deploy folder " + text(json, "deploy"));
    lines.add("  commands      " + ctl("extensions"));
    return String.join("\n", lines);
  }

  /** URLs, three commands to try, and the deploy folder. */
  String demo(String status, DemoConfig demo) {
    JsonObject json = JsonParser.parseString(status).getAsJsonObject();
    int port = port(json, demo);
    String deploy = text(json, "deploy");
    String moved = "Port " + DemoConfig.USUAL_PORT + " is taken, so this is port " + port + ".\n";
    return DEMO.fill(
        Map.of(
            "headline",
            headline(),
            "note",
            demo.hasUsualPort() ? "" : moved,
            "url",
            "http://127.0.0.1:" + port,
            "copy",
            "cp " + quoted(nextCodec()) + " " + quoted(Path.of(deploy)),
            "reports",
            ctl("reports"),
            "deploy",
            deploy));
  }

  private String headline() {
    return String.format(
        Locale.ROOT,
        "Osprey %s serves, %.2f s after its start.",
        home.version(),
        StartTrace.sinceStart().toMillis() / 1000.0);
  }

  private Path nextCodec() {
    List<Path> jars = Home.jars(home.demo());
    return jars.isEmpty() ? home.demo() : jars.getFirst();
  }

  private String ctl(String command) {
    String folder = data.equals(home.defaultData()) ? "" : " --data " + quoted(data);
    return quoted(home.command()) + " ctl" + folder + " " + command;
  }

  private static int port(JsonObject json, DemoConfig demo) {
    for (JsonElement listener : json.getAsJsonArray("listeners")) {
      return listener.getAsJsonObject().get("port").getAsInt();
    }
    return demo.listenerPort();
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[\\w@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  private static String text(JsonObject object, String key) {
    return object.get(key).getAsString();
  }
}
