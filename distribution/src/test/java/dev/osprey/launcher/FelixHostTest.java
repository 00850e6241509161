package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts a real framework with a host that is made on the spot. */
final class FelixHostTest {
  @TempDir Path temp;
  private Home home;
  private Path config;

  @BeforeEach
  void archive() throws Exception {
    home = new Home(temp.resolve("home"));
    Files.createDirectories(home.platform());
    config = Files.writeString(temp.resolve("osprey.yaml"), "");
    Files.createDirectories(home.demo());
    Files.copy(Path.of("src/demo/demo.yaml"), home.demo().resolve("demo.yaml"));
    Files.copy(Path.of("src/platform/packages"), home.platform().resolve("packages"));
  }

  @Test
  void startsWhatNamesAnActivatorAndLeavesTheRestOnTheClassPath() throws Exception {
    hostJar("Bundle-Activator", FakeHostActivator.class.getName());
    jar("library.jar", "library", "Bundle-Name", "library");

    assertThat(Main.run(home, "check", "-c", config.toString())).isEqualTo(1);
  }

  @Test
  void lendsBundlesOnlyThePackagesThatAreNamed() throws Exception {
    jar(
        "library.jar",
        "library",
        "Export-Package",
        "org.slf4j;uses:=\"org.slf4j.spi,io.netty.buffer\";version=\"2.0.20\",org.slf4j.spi;"
            + "version=2.1,org.slf4jx;version=3,org.slf4j;version=\"1.7\",io.netty.channel,io.netty.util");

    assertThat(Platform.in(home.platform()).exports())
        .isEqualTo("org.slf4j;version=\"2.0.20\",org.slf4j.spi;version=\"2.1\",io.netty.util");
  }

  @Test
  void servesUntilDrained() throws Exception {
    hostJar("Bundle-Activator", FakeHostActivator.class.getName());
    CompletableFuture<String> status = new CompletableFuture<>();
    try (FelixHost host = started()) {
      host.whenServing(status::complete);
      CompletableFuture<Object> exit =
          CompletableFuture.supplyAsync(() -> {
            try {
              return host.call("run").call();
            } catch (Exception failure) {
              throw new IllegalStateException(failure);
            }
          });
      assertThat(status.get(20, TimeUnit.SECONDS)).contains("4711", temp.resolve("d").toString());
      assertThat(exit).isNotDone();
      host.drain();
      assertThat(exit.get(20, TimeUnit.SECONDS)).isEqualTo(0);
    }
  }

  @Test
  void saysWhatKeepsThePlatformFromStarting() throws Exception {
    hostJar("Bundle-Activator", "no.such.Activator");

    assertThatThrownBy(() -> started())
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("osprey-host-1.2.3.jar")
        .hasMessageContaining("no.such.Activator");
  }

  @Test
  void saysThatTheArchiveIsNotWhole() {
    assertThatThrownBy(() -> started())
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(home.platform().toString());
  }

  @Test
  void saysThatTheHostLacksAnEntry() throws Exception {
    hostJar("Bundle-Name", "empty");
    try (FelixHost host = started()) {
      assertThatThrownBy(() -> host.call("run"))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("\"run\"");
    }
  }

  @Test
  void refusesAConfigurationThatIsNotThere() {
    assertThat(Main.run(home, "check", "-c", temp.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(Main.run(home, "check")).isEqualTo(2);
  }

  private FelixHost started() {
    FelixHost host = FelixHost.open(settings());
    try {
      host.startPlatform();
      return host;
    } catch (CommandFailure failure) {
      host.close();
      throw failure;
    }
  }

  private HostSettings settings() {
    return new HostSettings(
        home, HostSettings.Mode.RUN, config, temp.resolve("d"), temp.resolve("data"));
  }

  private void hostJar(String header, String value) throws IOException {
    jar("osprey-host-1.2.3.jar", "host", header, value);
  }

  private void jar(String file, String name, String header, String value) throws IOException {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Import-Package", "org.osgi.framework");
    main.putValue(header, value);
    String type = FakeHostActivator.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(home.platform().resolve(file));
        JarOutputStream zip = new JarOutputStream(out, manifest);
        InputStream code = FakeHostActivator.class.getClassLoader().getResourceAsStream(type)) {
      zip.putNextEntry(new JarEntry(type));
      code.transferTo(zip);
    }
  }
}
