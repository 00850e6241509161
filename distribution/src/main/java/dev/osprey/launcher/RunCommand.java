package dev.osprey.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves in the foreground until SIGTERM or SIGINT; without a configuration it runs the demo. */
@Command(description = "Run in the foreground; without -c, a demo with an upstream inside.")
final class RunCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration, YAML or JSON.")
  @Nullable Path config;

  @Mixin FolderOptions.Deploy deploy = new FolderOptions.Deploy();
  @Mixin FolderOptions.Data data = new FolderOptions.Data();

  @Option(
      names = {"-v", "--verbose"},
      description = "Tell how long each step of the start takes.")
  boolean verbose;

  private final Home home;

  RunCommand(Home home) {
    this.home = home;
  }

  /**
   * The command of a plain line, such as {@code run -c FILE --data DIR}, read without the command
   * line library, whose classes cost a start 0.1 s; null for any other line.
   */
  static @Nullable RunCommand plain(Home home, String... line) {
    if (line.length == 0 || !line[0].equals("run")) {
      return null;
    }
    RunCommand command = new RunCommand(home);
    for (int i = 1; i < line.length; i++) {
      boolean read =
          line[i].equals("-v")
              ? command.setVerbose()
              : i + 1 < line.length && command.set(line[i], line[++i]);
      if (!read) {
        return null;
      }
    }
    return command;
  }

  private boolean setVerbose() {
    boolean first = !verbose;
    verbose = true;
    return first;
  }

  private boolean set(String option, String value) {
    if (value.isEmpty() || value.startsWith("-") || value.startsWith("@")) {
      return false;
    }
    Path path = Path.of(value);
    boolean isFirst =
        switch (option) {
          case "-c", "--config" -> config == null;
          case "--deploy" -> deploy.deploy == null;
          case "--data" -> data.data == null;
          default -> false;
        };
    if (isFirst) {
      switch (option) {
        case "--deploy" -> deploy.deploy = path;
        case "--data" -> data.data = path;
        default -> config = path;
      }
    }
    return isFirst;
  }

  @Override
  public Integer call() throws Exception {
    if (verbose) {
      StartTrace.turnOn();
    }
    StartTrace.mark("command line");
    Logging.start(home);
    try (DataFolder folder = DataFolder.open(data.in(home))) {
      makeDeployFolder();
      return config == null ? runDemo(folder.path()) : runFile(config, folder.path());
    }
  }

  private void makeDeployFolder() {
    Path folder = deploy.in(home);
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new CommandFailure(
          "cannot use the deploy folder "
              + folder
              + " ("
              + FileTrouble.words(failure)
              + "); choose one with --deploy DIR");
    }
  }

  private int runFile(Path file, Path dataFolder) throws Exception {
    Banner banner = new Banner(home, data.in(home));
    return serve(settings(ConfigFile.existing(file), dataFolder), () -> banner::plain);
  }

  private int runDemo(Path dataFolder) throws Exception {
    FutureTask<DemoUpstream> upstream = new FutureTask<>(DemoUpstream::start);
    Thread.ofPlatform().daemon().name("osprey-demo-upstream").start(upstream);
    try {
      return serve(
          settings(dataFolder.resolve(DemoConfig.NAME), dataFolder),
          () -> {
            DemoConfig demo = DemoConfig.write(home, dataFolder, upstream.get().port());
            StartTrace.mark("demo configuration");
            Banner banner = new Banner(home, data.in(home));
            return status -> banner.demo(status, demo);
          });
    } finally {
      upstream.get().close();
    }
  }

  private HostSettings settings(Path file, Path dataFolder) {
    return new HostSettings(home, HostSettings.Mode.RUN, file, deploy.in(home), dataFolder);
  }

  /** Runs a host; what it needs is prepared while the framework starts, and gives the banner. */
  private static int serve(HostSettings settings, Callable<Banner.Text> prepared) throws Exception {
    AtomicReference<@Nullable FelixHost> started = new AtomicReference<>();
    Signals.install(() -> stop(started.get()), () -> reload(started.get()));
    try (FelixHost host = FelixHost.open(settings)) {
      Banner.Text banner = prepared.call();
      host.startPlatform();
      started.set(host);
      host.whenServing(status -> {
        StartTrace.mark("serving");
        System.out.println(banner.of(status));
      });
      return ((Number) host.call("run").call()).intValue();
    }
  }

  private static void reload(@Nullable FelixHost host) {
    if (host != null) {
      host.reload();
    }
  }

  private static void stop(@Nullable FelixHost host) {
    if (host == null) {
      Runtime.getRuntime().halt(0);
    } else {
      host.drain();
    }
  }
}
