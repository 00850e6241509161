package dev.osprey.launcher;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code run} prints when it serves. */
final class Banner {
  /** Makes the text from the host's status. */
  @FunctionalInterface
  interface Text {
    String of(String status);
  }

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
    String url = "http://127.0.0.1:" + port(json, demo);
    String note =
        demo.hasUsualPort()
            ? ""
            : "Port "
                + DemoConfig.USUAL_PORT
                + " is taken, so this is on port "
                + port(json, demo)
                + ".\n";
    return """
    %s
    %s
      %s/                  the proxy; a demo upstream stands behind it
      %s/hello
      %s/echo
      %s/stream?seconds=60

    Try next, in another terminal:

      curl -i %s/echo
      cp %s %s
      %s

    A jar that you drop into the deploy folder takes over while requests and connections go on:

      %s

    Ctrl-C drains and ends.
    """
        .formatted(
            headline(),
            note,
            url,
            url,
            url,
            url,
            url,
            quoted(nextCodec()),
            quoted(Path.of(text(json, "deploy"))),
            ctl("reports"),
            text(json, "deploy"));
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
