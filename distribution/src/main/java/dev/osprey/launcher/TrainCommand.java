package dev.osprey.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Makes the JVM's AOT cache for this machine, Java and archive: a private instance answers some
 * requests, and what it loaded is kept beside the archive's own code. {@code bin/osprey} uses it.
 */
@Command(
    description =
        "Make an AOT cache for this machine, from which run starts faster. Make it anew after an"
            + " update of Java or of the archive; one that does not fit is logged and ignored.")
final class TrainCommand implements Callable<Integer> {
  private static final int REQUESTS = 500;
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final Home home;
  private final PrintStream out;

  TrainCommand(Home home, PrintStream out) {
    this.home = home;
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    Path target = target();
    Path folder = Files.createTempDirectory("osprey-train");
    try {
      // Beside its place, so that the move is one step; a running JVM keeps the file it has open.
      Path made = target.resolveSibling(target.getFileName() + ".new");
      train(folder, made);
      Files.move(made, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      out.printf(
          Locale.ROOT, "%s, %.0f MB; run uses it.%n", target, Files.size(target) / 1048576.0);
      return 0;
    } finally {
      Folders.delete(folder);
    }
  }

  /** Where {@code bin/osprey} looks for it. */
  private Path target() {
    return Optional.ofNullable(System.getenv("OSPREY_AOT_CACHE"))
        .map(Path::of)
        .orElse(home.root().resolve("system/osprey.aot"))
        .toAbsolutePath();
  }

  private void train(Path folder, Path made) throws IOException, InterruptedException {
    Map<String, String> recording = Map.of("OSPREY_JAVA_OPTS", options(made));
    try (DemoUpstream upstream = DemoUpstream.start();
        PrivateInstance instance =
            PrivateInstance.start(home, folder, upstream.port(), recording)) {
      exercise(instance);
      int exit = instance.stop();
      if (exit != 0 || !Files.isRegularFile(made)) {
        throw new CommandFailure(
            "no cache was made (exit code " + exit + "):\n" + instance.lastWords());
      }
    }
  }

  private static String options(Path made) {
    String own = Optional.ofNullable(System.getenv("OSPREY_JAVA_OPTS")).orElse("");
    String path = made.toString();
    if (path.chars().anyMatch(Character::isWhitespace)) {
      throw new CommandFailure("the path of the cache must have no blanks: " + path);
    }
    return (own + " -XX:AOTCacheOutput=" + path).strip();
  }

  private static void exercise(PrivateInstance instance) throws IOException {
    try (HttpConnection connection = HttpConnection.open(instance.port(), ANSWER)) {
      for (int i = 0; i < REQUESTS; i++) {
        connection.send("GET /hello HTTP/1.1\r\nHost: train\r\n\r\n");
        connection.readBody(connection.readHead(), OutputStream.nullOutputStream());
      }
    }
    try (ControlClient control = instance.control()) {
      var _ = control.text(new ControlRequest.Words("stats", List.of(), false));
    }
  }
}
