package dev.osprey.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs other programs to their end, within a bound. */
public final class Programs {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private Programs() {}

  /**
   * What became of a program.
   *
   * @param exit its exit code
   * @param out what it wrote to standard output and standard error
   */
  public record Result(List<String> command, int exit, String out) {
    /** This result, if the exit code is 0. */
    public Result orFail() {
      if (exit != 0) {
        throw new AssertionError(command + " ended with " + exit + ":\n" + out);
      }
      return this;
    }
  }

  /** Runs a program in a folder. */
  public static Result run(Path folder, String... command) {
    return run(folder, BOUND, List.of(command));
  }

  /** Runs a program in a folder, for a bounded time. */
  public static Result run(Path folder, Duration bound, List<String> command) {
    try {
      Path out = Files.createTempFile(folder, "out", ".txt");
      Process process = start(folder, out, command);
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(command + " takes more than " + bound + ":\n" + read(out));
      }
      String text = read(out);
      Files.delete(out);
      return new Result(command, process.exitValue(), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Starts a program whose output goes to a file; it ends with this JVM at the latest. */
  public static Process start(Path folder, Path out, List<String> command) throws IOException {
    return start(folder, out, command, Map.of());
  }

  /** As {@link #start(Path, Path, List)}, with more in the program's environment. */
  public static Process start(
      Path folder, Path out, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("OSPREY_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(process::destroyForcibly, "osprey-it-end-" + process.pid()));
    return process;
  }

  /** The path of a program that the tests need; the error says which Debian package has it. */
  public static String find(String name, String debianPackage) {
    return look(name)
        .orElseThrow(() ->
            new IllegalStateException(
                name
                    + " is missing; build/test installs it, or install Debian's "
                    + debianPackage));
  }

  /** Whether a program is installed, for tests that do without some. */
  public static boolean isThere(String name) {
    return look(name).isPresent();
  }

  private static Optional<String> look(String name) {
    return Stream.concat(
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":")),
            Stream.of("/usr/sbin", "/usr/local/sbin"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  static String read(Path file) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
