package dev.osprey.it.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A running instance of the archive in a process and folders of its own. Its folder outlives it, so
 * that it can be started again.
 */
public final class Osprey implements AutoCloseable {
  /**
   * Options of an instance that watches each of its buffers; the archive as it comes watches one in
   * 8,192.
   */
  public static final List<String> WATCHING_BUFFERS =
      List.of("-Dio.netty.leakDetection.level=paranoid");

  private static final String LEAK = "LEAK: ";
  private static final Duration START = Duration.ofSeconds(30);
  private static final int COLLECTIONS = 3;
  private static final Duration AT_REST = Duration.ofMinutes(1);
  private static final Duration END = Duration.ofSeconds(30);

  private static final String OPTIONS = "OSPREY_JAVA_OPTS";

  private final Archive archive;
  private final Path folder;
  private final Map<String, String> environment;
  private final Process process;
  private final Ctl ctl;
  private final Reports reports;

  private Osprey(Archive archive, Path folder, Map<String, String> environment) throws IOException {
    this.archive = archive;
    this.folder = folder;
    this.environment = environment;
    this.ctl = new Ctl(data());
    this.reports = new Reports(ctl, data());
    this.process =
        Programs.start(
            folder,
            log(),
            // Whoever runs the tests may ignore SIGHUP, as nohup does; its children would, too.
            List.of(
                "env",
                "--default-signal=HUP",
                archive.command().toString(),
                "run",
                "-c",
                configFile().toString(),
                "--deploy",
                deploy().toString(),
                "--data",
                data().toString()),
            environment);
  }

  /** Starts the archive that all tests share and waits until it serves. */
  public static Osprey start(Config config) {
    return start(Archive.shared(), config, List.of());
  }

  /** Starts an archive with jars in its deploy folder and waits until it serves. */
  public static Osprey start(Archive archive, Config config, List<Path> deployed) {
    return startIn(Scratch.folder("instance"), archive, config, deployed).awaitServing();
  }

  /** As {@link #start(Archive, Config, List)}, with options of the JVM. */
  public static Osprey start(
      Archive archive, Config config, List<Path> deployed, List<String> jvmOptions) {
    return start(archive, config, deployed, withOptions(jvmOptions));
  }

  /** As {@link #start(Archive, Config, List)}, with variables of the start script. */
  public static Osprey start(
      Archive archive, Config config, List<Path> deployed, Map<String, String> environment) {
    return startIn(Scratch.folder("instance"), archive, config, deployed, environment)
        .awaitServing();
  }

  /**
   * The variable that holds options of the JVM; what the tests' own environment has does not count.
   */
  static Map<String, String> withOptions(List<String> jvmOptions) {
    return Map.of(OPTIONS, String.join(" ", jvmOptions));
  }

  /** Starts an archive and does not wait, since it may well end; deployed jars look old. */
  public static Osprey startIn(Path folder, Archive archive, Config config, List<Path> deployed) {
    return startIn(folder, archive, config, deployed, withOptions(List.of()));
  }

  private static Osprey startIn(
      Path folder,
      Archive archive,
      Config config,
      List<Path> deployed,
      Map<String, String> environment) {
    try {
      Files.createDirectories(folder.resolve("deploy"));
      for (Path jar : deployed) {
        Path copy = Files.copy(jar, folder.resolve("deploy").resolve(jar.getFileName().toString()));
        Files.setLastModifiedTime(copy, FileTime.from(Instant.now().minus(AT_REST)));
      }
      Files.writeString(folder.resolve("osprey.yaml"), config.toString());
      return new Osprey(archive, folder, environment);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Starts a new process on the same folders; this one must have ended. */
  public Osprey again() {
    try {
      return new Osprey(archive, folder, environment).awaitServing();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The process. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process lives. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The control socket. */
  public Ctl ctl() {
    return ctl;
  }

  /** The reports. */
  public Reports reports() {
    return reports;
  }

  /** The watched folder. */
  public Path deploy() {
    return folder.resolve("deploy");
  }

  /** The data folder. */
  public Path data() {
    return folder.resolve("data");
  }

  /** The folder of this instance, for files of a test. */
  public Path folder() {
    return folder;
  }

  /** What the process printed so far. */
  public String output() {
    return Programs.read(log());
  }

  /** Runs {@code bin/osprey} with the data folder of this instance. */
  public Programs.Result command(String... words) {
    List<String> command = new ArrayList<>(List.of(archive.command().toString()));
    command.addAll(List.of(words));
    command.add("--data");
    command.add(data().toString());
    return Programs.run(folder, Duration.ofSeconds(30), command);
  }

  /** Replaces the configuration file in one step. */
  public void configure(String text) {
    try {
      Path part = Files.writeString(folder.resolve("osprey.yaml.part"), text);
      Files.move(
          part, configFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Copies a jar into the deploy folder, as {@code cp} would. */
  public Path drop(Path jar) {
    try {
      Path target = deploy().resolve(jar.getFileName().toString());
      return Files.copy(jar, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Removes a file from the deploy folder. */
  public void remove(Path jar) {
    try {
      Files.delete(deploy().resolve(jar.getFileName().toString()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Sends SIGTERM; does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Sends SIGHUP; does not wait. */
  public void hangUp() {
    Programs.run(folder, "kill", "-HUP", Long.toString(pid())).orFail();
  }

  /** Waits for the end and gives the exit code. */
  public int awaitEnd() {
    try {
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("does not end within " + END + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Sends SIGTERM, waits, and gives the exit code. */
  public int stop() {
    terminate();
    return awaitEnd();
  }

  /** Ends the process at once; a buffer that it was seen to leak fails the test. */
  @Override
  public void close() {
    process.destroyForcibly();
    awaitEnd();
    assertThat(linesWith(LEAK)).as("leaks in %s", log()).isEmpty();
  }

  /**
   * Collects garbage and lets traffic flow, for only then leaks are told; fails if any is. The
   * instance must be one that is {@link #WATCHING_BUFFERS}.
   */
  public void assertNoLeaks(Runnable traffic) {
    assertThat(environment.get(OPTIONS)).contains(WATCHING_BUFFERS);
    for (int i = 0; i < COLLECTIONS; i++) {
      collectGarbage();
      traffic.run();
    }
    assertThat(linesWith(LEAK)).as("leaks in %s", log()).isEmpty();
  }

  /** Has the JVM do a full collection. */
  public void collectGarbage() {
    jcmd("GC.run");
  }

  /** The present value of a flag of the JVM that is a number. */
  public long jvmFlag(String name) {
    Matcher found = Pattern.compile(" " + name + " += (\\d+)").matcher(jcmd("VM.flags", "-all"));
    assertThat(found.find()).as(name).isTrue();
    return Long.parseLong(found.group(1));
  }

  /** Whether the Java that runs the tests, and the instances, knows a flag. */
  public static boolean ownJvmHas(String flag) {
    try {
      var _ = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).getVMOption(flag);
      return true;
    } catch (IllegalArgumentException unknown) {
      return false;
    }
  }

  private String jcmd(String... words) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    String[] command =
        Stream.concat(Stream.of(jcmd, Long.toString(pid())), Stream.of(words))
            .toArray(String[]::new);
    return Programs.run(folder, command).orFail().out();
  }

  private Osprey awaitServing() {
    try {
      await("the instance serves")
          .atMost(START)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> !process.isAlive() || (output().contains("serves") && ctl.isThere()));
    } catch (RuntimeException late) {
      close();
      throw new AssertionError("does not serve within " + START + ":\n" + output(), late);
    }
    if (!process.isAlive()) {
      throw new AssertionError("ended with " + process.exitValue() + ":\n" + output());
    }
    return this;
  }

  private Path configFile() {
    return folder.resolve("osprey.yaml");
  }

  private Path log() {
    return folder.resolve("log.txt");
  }

  /** The lines of the output that hold a text. */
  public List<String> linesWith(String text) {
    try (Stream<String> lines = output().lines()) {
      return lines.filter(line -> line.contains(text)).toList();
    }
  }
}
