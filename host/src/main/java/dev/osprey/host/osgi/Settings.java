package dev.osprey.host.osgi;

import dev.osprey.host.control.Options;
import dev.osprey.host.io.Transport;
import dev.osprey.host.overload.Overload;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;

/**
 * Reads the framework's properties that begin with {@code osprey}; a wrong value is an {@link
 * IllegalArgumentException} with what was expected and found.
 */
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
        isOn("rehearsal"),
        whenFull());
  }

  /** What the event loops wait with. */
  Transport transport() {
    String label = text("transport", Transport.EPOLL.label());
    return Transport.of(label)
        .orElseThrow(() -> wrong("transport", "io_uring, epoll or nio", label));
  }

  /** Where the levels of an overload begin, and the most of a read before. */
  Overload.Limits overload() {
    int tight = percent("overload.tight", Overload.Limits.DEFAULT.tightPercent());
    int full = percent("overload.full", Overload.Limits.DEFAULT.fullPercent());
    if (tight >= full) {
      throw wrong("overload.tight", "less than osprey.overload.full, " + full, "" + tight);
    }
    return new Overload.Limits(tight, full, readBytes());
  }

  private int readBytes() {
    String value = text("read_bytes", Integer.toString(Overload.Limits.DEFAULT.readBytes()));
    int bytes = value.matches("\\d{1,9}") ? Integer.parseInt(value) : 0;
    if (bytes < Overload.Limits.LEAST_READ || bytes > Overload.Limits.MOST_READ) {
      throw wrong(
          "read_bytes",
          "bytes from " + Overload.Limits.LEAST_READ + " to " + Overload.Limits.MOST_READ,
          value);
    }
    return bytes;
  }

  private int percent(String name, int otherwise) {
    String value = text(name, Integer.toString(otherwise));
    if (!value.matches("[1-9]\\d?|100")) {
      throw wrong(name, "a percentage from 1 to 100", value);
    }
    return Integer.parseInt(value);
  }

  private boolean isOn(String name) {
    String value = text(name, "on");
    if (!value.equals("on") && !value.equals("off")) {
      throw wrong(name, "on or off", value);
    }
    return value.equals("on");
  }

  private Options.WhenFull whenFull() {
    String value = text("when_full", "wait");
    return Arrays.stream(Options.WhenFull.values())
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(value))
        .findFirst()
        .orElseThrow(() ->
            wrong(
                "when_full",
                Arrays.stream(Options.WhenFull.values())
                    .map(one -> one.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or ")),
                value));
  }

  private static IllegalArgumentException wrong(String name, String expected, String found) {
    return new IllegalArgumentException(
        "osprey." + name + ": expected " + expected + ", found \"" + found + "\"");
  }

  private static URI location(String text) {
    return text.matches("[a-z][a-z0-9+.-]+:.*")
        ? URI.create(text)
        : Path.of(text).toAbsolutePath().normalize().toUri();
  }

  private Duration seconds(String name, long otherwise) {
    String value = text(name, Long.toString(otherwise));
    if (!value.matches("\\d{1,9}")) {
      throw wrong(name, "a whole number of seconds", value);
    }
    return Duration.ofSeconds(Long.parseLong(value));
  }

  private String text(String name, String otherwise) {
    String value = context.getProperty("osprey." + name);
    return value == null ? otherwise : value;
  }
}
