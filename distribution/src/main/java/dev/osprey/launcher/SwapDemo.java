package dev.osprey.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;

/**
 * The demonstration of a live swap: two builds of the HTTP/1 codec take turns in a private instance
 * under load, each put into the deploy folder by a plain copy, as anyone would.
 */
final class SwapDemo {
  private static final Duration CONTROL = Duration.ofSeconds(2);
  private static final Duration BETWEEN = Duration.ofMillis(1_200);
  private static final Duration SWAP = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(50);

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
    int done;
    boolean allEnded;
    SwapDemoSummary summary;
    try (DemoLoad load = new DemoLoad(instance.port(), tally)) {
      Thread.sleep(CONTROL);
      tally.swapsBegin();
      done = swap(instance, jars, swaps);
      allEnded = load.end(upstream);
      summary =
          new SwapDemoSummary(
              swaps,
              done,
              tally,
              load.versionChanges(),
              load.downloadedLines(),
              allEnded,
              instance.stop());
    }
    out.print(summary.text());
    return summary.isPerfect() ? 0 : 1;
  }

  private int swap(PrivateInstance instance, CodecJars jars, int swaps)
      throws IOException, InterruptedException {
    int done = 0;
    try (ControlClient control = instance.control()) {
      for (int number = 1; number <= swaps; number++) {
        Path jar = jars.forSwap(number);
        int before = reports(control).size();
        Files.copy(
            jar, instance.deploy().resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        List<SwapReport> reports = awaitReport(control, before);
        if (reports.isEmpty()) {
          out.printf("%2d  no report within %d s%n", number, SWAP.toSeconds());
          continue;
        }
        SwapReport report = reports.getLast();
        out.printf("%2d  %s%n", number, report.line());
        done += report.isDone() ? 1 : 0;
        Thread.sleep(BETWEEN);
      }
    }
    return done;
  }

  private static List<SwapReport> awaitReport(ControlClient control, int before)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + SWAP.toNanos();
    while (System.nanoTime() < end) {
      List<SwapReport> reports = reports(control);
      if (reports.size() > before) {
        return reports;
      }
      Thread.sleep(POLL);
    }
    return List.of();
  }

  private static List<SwapReport> reports(ControlClient control) throws IOException {
    return SwapReport.all(control.text(new ControlRequest.Words("reports", List.of(), true)));
  }
}
