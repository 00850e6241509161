package dev.osprey.host.osgi;

import dev.osprey.host.deploy.TestJars;
import dev.osprey.host.osgi.fixture.FixtureActivator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bundles that run in a real framework. */
final class FixtureJars {
  static final String TERMINAL = "test.fixture";
  private static final String FOLDER = "dev/osprey/host/osgi/fixture/";
  private static final List<String> CLASSES =
      List.of("FixtureActivator", "FixtureSource", "FixtureTerminal", "FixtureLate");

  private FixtureJars() {}

  static byte[] terminal(String version, String... moreHeaders) {
    return jar(TERMINAL, version, "network", "fixture", moreHeaders);
  }

  static byte[] source() {
    return jar("test.fixture.source", "1.0.0", "config", "fixed");
  }

  private static byte[] jar(
      String symbolicName, String version, String kind, String name, String... more) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Bundle-ManifestVersion", "2");
    headers.put("Bundle-SymbolicName", symbolicName);
    headers.put("Bundle-Version", version);
    headers.put("Bundle-Activator", FixtureActivator.class.getName());
    headers.put("Fixture-Kind", kind);
    headers.put("Import-Package", imports(""));
    headers.put("Provide-Capability", "dev.osprey.extension; kind=" + kind + "; name=" + name);
    for (int i = 0; i < more.length; i += 2) {
      headers.put(more[i], more[i + 1]);
    }
    Map<String, byte[]> entries = new LinkedHashMap<>();
    CLASSES.forEach(type -> entries.put(FOLDER + type + ".class", bytes(type)));
    return TestJars.jar(headers, entries);
  }

  static String imports(String more) {
    return more
        + "org.osgi.framework,dev.osprey.spi,dev.osprey.spi.config,dev.osprey.spi.network,"
        + "dev.osprey.spi.source,dev.osprey.spi.message,dev.osprey.testkit,io.netty.buffer";
  }

  private static byte[] bytes(String type) {
    try (InputStream in = FixtureActivator.class.getResourceAsStream(type + ".class")) {
      return in.readAllBytes();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
