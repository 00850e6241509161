package dev.osprey.host.osgi;

import dev.osprey.host.control.Options;
import dev.osprey.host.io.Transport;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.osgi.framework.BundleContext;

/** Reads the framework's properties that begin with {@code osprey}. */
final class Settings {
  private final BundleContext context;

  Settings(BundleContext context) {
    this.context = context;
  }

  boolean isCheck() {
    return text("mode", "run").equals("check");
  }

  Options options() {
    Path home = Path.of(text("home", "."));
    return new Options(
        home.resolve("system").resolve("extensions"),
        Path.of(text("deploy", home.resolve("deploy").toString())),
        Path.of(text("data", home.resolve("data").toString())),
        location(text("config", home.resolve("conf").resolve("osprey.yaml").toString())),
        seconds("hold", 10),
        seconds("max_drain", 0),
        seconds("drain", 30),
        !text("rehearsal", "on").equals("off"),
        Options.WhenFull.valueOf(text("when_full", "wait").toUpperCase(Locale.ROOT)));
  }

  /** What the event loops wait with. */
  Transport transport() {
    String label = text("transport", Transport.EPOLL.label());
    return Transport.of(label)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "osprey.transport: expected io_uring, epoll or nio, found \"" + label + "\""));
  }

  private static URI location(String text) {
    return text.matches("[a-z][a-z0-9+.-]+:.*")
        ? URI.create(text)
        : Path.of(text).toAbsolutePath().normalize().toUri();
  }

  private Duration seconds(String name, long otherwise) {
    return Duration.ofSeconds(Long.parseLong(text(name, Long.toString(otherwise))));
  }

  private String text(String name, String otherwise) {
    String value = context.getProperty("osprey." + name);
    return value == null ? otherwise : value;
  }
}
