package dev.osprey.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The embedded default: {@code system/demo/demo.yaml} with its ports filled in, in the data folder.
 */
record DemoConfig(Path file, int listenerPort) {
  static final String NAME = "demo.yaml";
  static final int USUAL_PORT = 10_000;

  static DemoConfig write(Home home, Path data, int upstreamPort) throws IOException {
    return write(home.demo().resolve(NAME), data, upstreamPort, FreePort.near(USUAL_PORT));
  }

  static DemoConfig write(Path template, Path data, int upstreamPort, int listenerPort)
      throws IOException {
    Map<String, Integer> ports =
        Map.of("upstream_port", upstreamPort, "listener_port", listenerPort);
    Path rendered = data.resolve(NAME);
    Files.writeString(rendered, Template.read(template).fill(ports));
    return new DemoConfig(rendered, listenerPort);
  }

  boolean hasUsualPort() {
    return listenerPort == USUAL_PORT;
  }
}
