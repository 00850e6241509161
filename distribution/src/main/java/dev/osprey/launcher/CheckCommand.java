package dev.osprey.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Judges a configuration with the bundles at hand and changes nothing. */
@Command(description = "Validate a configuration: all mistakes at once; exit 0 or 1.")
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "Configuration, YAML or JSON.")
  Path config = Path.of("");

  @Mixin FolderOptions.Deploy deploy = new FolderOptions.Deploy();

  private final Home home;

  CheckCommand(Home home) {
    this.home = home;
  }

  @Override
  public Integer call() throws Exception {
    Path file = ConfigFile.existing(config);
    Logging.start(home);
    Path scratch = Files.createTempDirectory("osprey-check");
    HostSettings settings =
        new HostSettings(home, HostSettings.Mode.CHECK, file, deploy.in(home), scratch);
    try (FelixHost host = FelixHost.open(settings)) {
      host.startPlatform();
      return ((Number) host.call("check").call()).intValue();
    } finally {
      Folders.delete(scratch);
    }
  }
}
