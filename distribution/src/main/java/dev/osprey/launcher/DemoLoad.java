package dev.osprey.launcher;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The load of the demo: 16 busy callers, 20 calm ones, and 2 downloads that never pause. The same
 * shape as the load under which other proxies' reloads were measured.
 */
final class DemoLoad implements Closeable {
  static final int BUSY = 16;
  static final int CALM = 20;
  static final int DOWNLOADS = 2;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<DemoCaller> busy = new ArrayList<>();
  private final List<DemoCaller> calm = new ArrayList<>();
  private final List<DemoDownload> downloads = new ArrayList<>();
  private volatile boolean running = true;

  /** Starts all clients against a port. */
  DemoLoad(int port, Tally tally) {
    for (int i = 1; i <= BUSY; i++) {
      busy.add(new DemoCaller("busy-" + i, port, DemoCaller.Pace.BUSY, tally, () -> running));
    }
    for (int i = 1; i <= CALM; i++) {
      calm.add(new DemoCaller("calm-" + i, port, DemoCaller.Pace.CALM, tally, () -> running));
    }
    for (int i = 1; i <= DOWNLOADS; i++) {
      downloads.add(new DemoDownload("download-" + i, port, tally));
    }
    busy.forEach(threads::execute);
    calm.forEach(threads::execute);
    downloads.forEach(threads::execute);
  }

  /** Lets every client finish its exchange; true if all of them did in time. */
  boolean end(DemoUpstream upstream) throws InterruptedException {
    running = false;
    upstream.endStreams();
    threads.shutdown();
    return threads.awaitTermination(DemoCaller.TIMEOUT.toMillis() * 2, TimeUnit.MILLISECONDS);
  }

  /** How many changes of version each kept connection saw; read it after the end. */
  IntSummaryStatistics versionChanges() {
    IntSummaryStatistics changes = new IntSummaryStatistics();
    busy.forEach(caller -> changes.accept(caller.versionChanges()));
    calm.forEach(caller -> changes.accept(caller.versionChanges()));
    return changes;
  }

  /** The lines that all downloads got. */
  int downloadedLines() {
    return downloads.stream().mapToInt(DemoDownload::lines).sum();
  }

  @Override
  public void close() {
    running = false;
    threads.shutdownNow();
  }
}
