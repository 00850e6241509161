package dev.osprey.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The demonstration of a live swap: two builds of the HTTP/1 codec take turns in a private instance
 * under load, each put into the deploy folder by a plain copy, as anyone would.
 */
final class SwapDemo {
  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final Duration CONTROL = Duration.ofSeconds(2);
  private static final Duration BETWEEN = Duration.ofMillis(1_200);
  private static final Duration SWAP = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String NO_REPORT = "no report within " + SWAP.toSeconds() + " s";

  private final Home home;
  private final PrintStream out;

  SwapDemo(Home home, PrintStream out) {
    this.home = home;
    this.out = out;
  }

  /** Runs the demonstration; 0 if nothing was lost, else 1. */
  int run(int swaps, boolean keep) throws IOException, InterruptedException {
    CodecJars jars = CodecJars.in(home);
    Path folder = Files.createTempDirectory("osprey-demo");
    try (DemoUpstream upstream = DemoUpstream.start();
        PrivateInstance instance = PrivateInstance.start(home, folder, upstream.port())) {
      out.printf(
          "A private instance listens on http://127.0.0.1:%d/ (process %d).%n",
          instance.port(), instance.pid());
      out.printf(
          "%d busy and %d calm clients keep one connection each, %d downloads run on; nobody"
              + " retries.%n%n",
          DemoLoad.BUSY, DemoLoad.CALM, DemoLoad.DOWNLOADS);
      return load(instance, upstream, jars, swaps);
    } finally {
      if (keep) {
        out.println("Left in place: " + folder);
      } else {
        Folders.delete(folder);
      }
    }
  }

  private int load(PrivateInstance instance, DemoUpstream upstream, CodecJars jars, int swaps)
      throws IOException, InterruptedException {
    Tally tally = new Tally();
    try (DemoLoad load = new DemoLoad(instance.port(), tally)) {
      Thread.sleep(WARM_UP);
      tally.controlBegins();
      Thread.sleep(CONTROL);
      tally.swapsBegin();
      int done = swap(instance, jars, swaps);
      boolean allEnded = load.end(upstream);
      SwapDemoSummary summary =
          new SwapDemoSummary(
              swaps,
              done,
              tally,
              load.versionChanges(),
              load.downloadedLines(),
              allEnded,
              instance.stop());
      out.print(summary.text());
      return summary.isPerfect() ? 0 : 1;
    }
  }

  /** Swaps so many times and gives how often the new code took over. */
  private int swap(PrivateInstance instance, CodecJars jars, int swaps)
      throws IOException, InterruptedException {
    int done = 0;
    try (ControlClient control = instance.control()) {
      for (int number = 1; number <= swaps; number++) {
        long before = newest(control);
        deploy(jars.forSwap(number), instance.deploy());
        Optional<SwapReport> report = awaitReport(control, before);
        String line = report.map(it -> it.line(CodecJars.SYMBOLIC_NAME)).orElse(NO_REPORT);
        out.printf(Locale.ROOT, "%2d  %s%n", number, line);
        done += report.filter(SwapReport::isPublished).isPresent() ? 1 : 0;
        Thread.sleep(BETWEEN);
      }
    }
    return done;
  }

  private static void deploy(Path jar, Path folder) throws IOException {
    Path name = Objects.requireNonNull(jar.getFileName());
    Files.copy(jar, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static Optional<SwapReport> awaitReport(ControlClient control, long before)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + SWAP.toNanos();
    while (System.nanoTime() < end) {
      for (SwapReport report : reports(control)) {
        if (report.number() > before && report.concerns(CodecJars.SYMBOLIC_NAME)) {
          return Optional.of(report);
        }
      }
      Thread.sleep(POLL);
    }
    return Optional.empty();
  }

  private static long newest(ControlClient control) throws IOException {
    return reports(control).stream().mapToLong(SwapReport::number).max().orElse(0);
  }

  private static List<SwapReport> reports(ControlClient control) throws IOException {
    return SwapReport.all(control.text(new ControlRequest.Words("reports", List.of(), true)));
  }
}
