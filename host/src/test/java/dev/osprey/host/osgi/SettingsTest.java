package dev.osprey.host.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.host.io.Transport;
import dev.osprey.host.overload.Overload;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;

class SettingsTest {
  @Test
  void hasADefaultForEverything() {
    Settings settings = settings(Map.of());

    assertThat(settings.isCheck()).isFalse();
    assertThat(settings.transport()).isEqualTo(Transport.EPOLL);
    assertThat(settings.options().hold()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.options().rehearse()).isTrue();
    assertThat(settings.overload()).isEqualTo(new Overload.Limits(50, 80, 256 * 1024));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hold      | soon | a whole number of seconds",
        "max_drain | -1   | a whole number of seconds",
        "drain     | 1.5  | a whole number of seconds",
        "rehearsal | no   | on or off",
        "when_full | stop | wait or "
      })
  void saysWhatWasExpectedAndFound(String name, String found, String expected) {
    assertThatThrownBy(() -> settings(Map.of("osprey." + name, found)).options())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("osprey." + name + ": expected " + expected)
        .hasMessageEndingWith("found \"" + found + "\"");
  }

  @Test
  void saysWhichTransportsThereAre() {
    assertThatThrownBy(() -> settings(Map.of("osprey.transport", "kqueue")).transport())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("osprey.transport: expected io_uring, epoll or nio, found \"kqueue\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0  | 80  | osprey.overload.tight: expected a percentage from 1 to 100, found \"0\"",
        "50 | 101 | osprey.overload.full: expected a percentage from 1 to 100, found \"101\"",
        "90 | 80  | osprey.overload.tight: expected less than osprey.overload.full, 80, found \"90\""
      })
  void refusesMarksOfAnOverload_thatMakeNoSense(String tight, String full, String message) {
    Settings settings =
        settings(Map.of("osprey.overload.tight", tight, "osprey.overload.full", full));
    assertThatThrownBy(settings::overload)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void readsHaveBounds() {
    assertThat(settings(Map.of("osprey.read_bytes", "4096")).overload())
        .isEqualTo(new Overload.Limits(50, 80, 4096));
    for (String found : List.of("4095", "262145", "16k")) {
      assertThatThrownBy(settings(Map.of("osprey.read_bytes", found))::overload)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "osprey.read_bytes: expected bytes from 4096 to 262144, found \"" + found + "\"");
    }
  }

  private static Settings settings(Map<String, String> properties) {
    Class<?>[] context = {BundleContext.class};
    return new Settings(
        (BundleContext)
            Proxy.newProxyInstance(
                SettingsTest.class.getClassLoader(),
                context,
                (proxy, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("getProperty");
                  return properties.get((String) arguments[0]);
                }));
  }
}
