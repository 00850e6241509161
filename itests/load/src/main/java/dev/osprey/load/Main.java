package dev.osprey.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The command line of the load tools; every run is bounded in time. */
public final class Main {
  private static final String USAGE =
      """
      usage: java -cp osprey-load.jar:HdrHistogram.jar dev.osprey.load.Main COMMAND [--option value]...
        upstream  [--port 0] [--seconds 3600]             HTTP/1.1 upstream
        echo      [--port 0] [--seconds 3600]             TCP echo upstream
        bulk      [--port 0] [--bytes 1048576] [--seconds 3600]
        servers   [--bytes 1048576] [--seconds 3600]      all three, on one loop
        soak      --target HOST:PORT [--seconds 10] [--connections 64] [--long-lived 32] [--rate 0]
                  [--requests 9223372036854775807] [--body 100] [--versions true]
        ping-pong --target HOST:PORT [--seconds 10] [--connections 64] [--bytes 100]
        fetch     --target HOST:PORT [--seconds 10] [--connections 8] [--bytes 1048576]
        residue   --pid PID
      Clients print one line of JSON and end with 1 if anything was wrong.
      """;

  private final Map<String, String> options = new HashMap<>();

  private Main(String[] args) {
    for (int i = 1; i + 1 < args.length; i += 2) {
      options.put(args[i], args[i + 1]);
    }
  }

  /** Runs one command. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length == 0) {
      System.err.print(USAGE);
      System.exit(2);
    }
    System.exit(new Main(args).run(args[0]));
  }

  private int run(String command) throws InterruptedException {
    return switch (command) {
      case "upstream" -> serve(Upstream.start(Loop.start("upstream"), port()).address());
      case "echo" -> serve(TcpUpstream.echo(Loop.start("echo"), port()).address());
      case "bulk" ->
          serve(TcpUpstream.bulk(Loop.start("bulk"), port(), number("--bytes", 1 << 20)).address());
      case "servers" -> serveAll();
      case "soak" -> soak();
      case "ping-pong" -> tcp(true);
      case "fetch" -> tcp(false);
      case "residue" -> residue();
      default -> {
        System.err.print(USAGE);
        yield 2;
      }
    };
  }

  private int serve(InetSocketAddress address) throws InterruptedException {
    System.out.println("listening " + address.getPort());
    System.out.flush();
    Thread.sleep(Duration.ofSeconds(number("--seconds", 3600)));
    return 0;
  }

  private int serveAll() throws InterruptedException {
    Loop loop = Loop.start("servers");
    int http = Upstream.start(loop).address().getPort();
    int echo = TcpUpstream.echo(loop, 0).address().getPort();
    int bulk = TcpUpstream.bulk(loop, 0, number("--bytes", 1 << 20)).address().getPort();
    System.out.println(http + " " + echo + " " + bulk);
    System.out.flush();
    Thread.sleep(Duration.ofSeconds(number("--seconds", 3600)));
    return 0;
  }

  private int soak() throws InterruptedException {
    SoakOptions options =
        SoakOptions.to(target())
            .withConnections((int) number("--connections", 64), (int) number("--long-lived", 32))
            .withRate((double) number("--rate", 0))
            .withMaxRequests(number("--requests", Long.MAX_VALUE))
            .withBodyBytes((int) number("--body", 100));
    boolean versions = Boolean.parseBoolean(this.options.getOrDefault("--versions", "true"));
    SoakReport report;
    try (Loop loop = Loop.start("soak")) {
      SoakClient client = SoakClient.start(loop, versions ? options : options.withoutVersions());
      awaitEnd(client);
      report = client.stop(Duration.ofSeconds(10));
    }
    System.out.println(Json.of(report));
    return report.isPerfect() ? 0 : 1;
  }

  private void awaitEnd(SoakClient client) throws InterruptedException {
    try {
      client.finished().get(number("--seconds", 10), java.util.concurrent.TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      // The time is up, which is how a run without a number of requests ends.
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private int tcp(boolean pingPong) throws InterruptedException {
    TcpReport report;
    try (Loop loop = Loop.start("tcp")) {
      TcpLoad load =
          pingPong
              ? TcpLoad.pingPong(
                  loop, target(), (int) number("--connections", 64), (int) number("--bytes", 100))
              : TcpLoad.bulk(
                  loop, target(), (int) number("--connections", 8), number("--bytes", 1 << 20));
      Thread.sleep(Duration.ofSeconds(number("--seconds", 10)));
      report = load.stop(Duration.ofSeconds(10));
    }
    System.out.println(Json.of(report));
    return report.isPerfect() ? 0 : 1;
  }

  private int residue() {
    ResidueProbe probe = ResidueProbe.of(number("--pid", -1));
    probe.probe();
    System.out.println(Json.of(probe.probe()));
    return 0;
  }

  private int port() {
    return (int) number("--port", 0);
  }

  private long number(String name, long otherwise) {
    String text = options.get(name);
    return text == null ? otherwise : Long.parseLong(text);
  }

  private InetSocketAddress target() {
    String text = options.getOrDefault("--target", "");
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("--target HOST:PORT is missing");
    }
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }
}
