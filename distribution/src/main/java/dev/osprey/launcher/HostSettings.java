package dev.osprey.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the framework and the host are told at their start. */
record HostSettings(Home home, Mode mode, Path config, Path deploy, Path data) {
  /** What the host is to do. */
  enum Mode {
    /** Serve until stopped. */
    RUN,
    /** Judge the configuration only. */
    CHECK
  }

  /** The framework's properties; the host reads those that begin with {@code osprey}. */
  Map<String, Object> frameworkProperties(Platform platform) {
    Map<String, Object> properties = new HashMap<>();
    SettingsFile.read(home.conf("settings.properties"))
        .forEach((name, value) -> properties.put(name, System.getProperty(name, value)));
    properties.put("osprey.home", home.root().toString());
    properties.put("osprey.mode", mode == Mode.RUN ? "run" : "check");
    properties.put("osprey.config", config.toAbsolutePath().normalize().toString());
    properties.put("osprey.deploy", deploy.toString());
    properties.put("osprey.data", data.toString());
    properties.put("org.osgi.framework.storage", data.resolve("framework").toString());
    properties.put("org.osgi.framework.storage.clean", "onFirstInit");
    properties.put("org.osgi.framework.bsnversion", "multiple");
    properties.put("felix.service.urlhandlers", "false");
    properties.put("felix.log.level", "1");
    properties.put("felix.log.logger", new FrameworkLog());
    properties.put("org.osgi.framework.system.packages.extra", platform.exports());
    return properties;
  }
}
