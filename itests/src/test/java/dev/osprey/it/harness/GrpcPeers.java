package dev.osprey.it.harness;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** grpc-java's programs (module itests/grpc), each as a process with a class path of its own. */
public final class GrpcPeers {
  private static final Path TARGET =
      Path.of(System.getProperty("osprey.basedir"), "itests", "grpc", "target");

  private GrpcPeers() {}

  /** A server of the interop suite and of health. */
  public static final class Server implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final int port;

    private Server(int port) {
      this.port = port;
      Path folder = Scratch.folder("grpc-server");
      this.log = folder.resolve("log.txt");
      try {
        this.process =
            Programs.start(folder, log, command("Server", List.of(String.valueOf(port))));
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      await("the gRPC server listens")
          .atMost(Duration.ofSeconds(30))
          .until(() -> said("listening") == 1);
    }

    /** Starts one at a free port and waits until it listens. */
    public static Server start() {
      return new Server(Ports.free());
    }

    /** Its port. */
    public int port() {
      return port;
    }

    /** How many lines hold a text. */
    public long said(String text) {
      return Programs.read(log).lines().filter(line -> line.contains(text)).count();
    }

    /** Changes what the health service says; {@code -} is the server as a whole. */
    public void health(String service, String status) {
      long before = said("health " + service);
      try {
        Writer in = process.outputWriter(StandardCharsets.UTF_8);
        in.write(service + " " + status + "\n");
        in.flush();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
      await("the health has changed").until(() -> said("health " + service) > before);
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Runs the interop suite in turns for so long, once at least. */
  public static Programs.Result interop(int port, Duration time) {
    Path folder = Scratch.folder("grpc-interop");
    return Programs.run(
        folder,
        time.plusSeconds(120),
        command("Interop", List.of(String.valueOf(port), String.valueOf(time.toSeconds()))));
  }

  /** Makes calls; a line {@code CODE|description|milliseconds|messages} for each. */
  public static List<String> calls(int port, String... calls) {
    List<String> words = new ArrayList<>(List.of(String.valueOf(port)));
    words.addAll(List.of(calls));
    Programs.Result done =
        Programs.run(Scratch.folder("grpc-calls"), Duration.ofSeconds(60), command("Calls", words));
    return done.orFail().out().lines().filter(line -> line.contains("|")).toList();
  }

  /** Asks for health; a line as of {@link #calls}, with the status in the place of OK. */
  public static List<String> health(int port, String service) {
    return calls(port, "health:" + service);
  }

  private static List<String> command(String program, List<String> words) {
    try {
      String libraries = Files.readString(TARGET.resolve("class-path.txt")).strip();
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx192m",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "--enable-native-access=ALL-UNNAMED",
                  "--sun-misc-unsafe-memory-access=allow",
                  "-cp",
                  TARGET.resolve("classes") + ":" + libraries,
                  "dev.osprey.grpc." + program));
      command.addAll(words);
      return command;
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }
}
