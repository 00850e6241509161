package dev.osprey.launcher;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An instance in a child process with folders and a port of its own. */
final class PrivateInstance implements Closeable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration DRAIN = Duration.ofSeconds(60);

  private final Path folder;
  private final int port;
  private final Process process;
  private final Thread endWithParent;

  private PrivateInstance(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
    this.endWithParent = new Thread(process::destroy, "osprey-end-child");
    Runtime.getRuntime().addShutdownHook(endWithParent);
  }

  /** Starts an instance in a folder and waits until it serves. */
  static PrivateInstance start(Home home, Path folder, int upstreamPort)
      throws IOException, InterruptedException {
    return start(home, folder, upstreamPort, Map.of());
  }

  /** The same with environment variables of its own. */
  static PrivateInstance start(
      Home home, Path folder, int upstreamPort, Map<String, String> environment)
      throws IOException, InterruptedException {
    int port = FreePort.any();
    Path data = folder.resolve("data");
    DataFolder.makePrivate(data);
    Files.createDirectories(folder.resolve("deploy"));
    Path config = folder.resolve("osprey.yaml");
    Map<String, ?> places =
        Map.of(
            "upstream_port", upstreamPort,
            "listener_port", port,
            "access_log", folder.resolve("access.log"));
    Files.writeString(config, Template.read(home.demo().resolve("demo-swap.yaml")).fill(places));
    PrivateInstance instance =
        new PrivateInstance(folder, port, launch(home, folder, config, environment));
    try {
      instance.awaitServing();
      return instance;
    } catch (CommandFailure failure) {
      instance.close();
      throw failure;
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  Path deploy() {
    return folder.resolve("deploy");
  }

  ControlClient control() {
    return ControlClient.connect(folder.resolve("data"));
  }

  /** Sends SIGTERM and gives the exit code. */
  int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new CommandFailure("the instance does not end within " + DRAIN.toSeconds() + " s");
    }
    return process.exitValue();
  }

  /** The last lines that the instance printed. */
  String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    if (!isShuttingDown()) {
      process.onExit().join();
    }
  }

  private boolean isShuttingDown() {
    try {
      return !Runtime.getRuntime().removeShutdownHook(endWithParent);
    } catch (IllegalStateException shuttingDown) {
      return true;
    }
  }

  private static Process launch(
      Home home, Path folder, Path config, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            home.command().toString(),
            "run",
            "-c",
            config.toString(),
            "--deploy",
            folder.resolve("deploy").toString(),
            "--data",
            folder.resolve("data").toString());
    builder.environment().put("OSPREY_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile());
    return builder.start();
  }

  private void awaitServing() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      if (serves()) {
        return;
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    throw new CommandFailure("the private instance does not start:\n" + lastWords());
  }

  private boolean serves() {
    try (HttpConnection _ = HttpConnection.open(port, Duration.ofSeconds(1));
        ControlClient _ = control()) {
      return true;
    } catch (IOException | CommandFailure notYet) {
      return false;
    }
  }

  private Path log() {
    return folder.resolve("log");
  }
}
