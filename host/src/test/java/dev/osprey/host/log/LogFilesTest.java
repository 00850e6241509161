package dev.osprey.host.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.osprey.host.loop.Loop;
import dev.osprey.host.plan.IoModel;
import dev.osprey.testkit.TrackingAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
  @TempDir Path folder;
  private final TrackingAllocator allocator = new TrackingAllocator();
  private final AtomicLong dropped = new AtomicLong();
  private final LogFiles files = new LogFiles(dropped::addAndGet);

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void writesToTheNewFile_afterRotation() throws Exception {
    Path log = folder.resolve("access.log");
    append(log, "one\n");
    awaitText(log, "one\n");
    Path old = Files.move(log, folder.resolve("access.log.1"));
    append(log, "two\n");
    awaitText(old, "one\ntwo\n");

    files.reopen();
    append(log, "three\n");

    awaitText(log, "three\n");
    assertThat(old).hasContent("one\ntwo\n");
  }

  @Test
  void dropsAndCountsWhatCannotBeWritten_andGoesOnWhenItCan() throws Exception {
    Path log = folder.resolve("later/access.log");
    append(log, "one lost\nanother\nand a third\n");
    await().until(() -> dropped.get() == 3);

    Files.createDirectories(log.getParent());
    append(log, "kept\n");

    awaitText(log, "kept\n");
    assertThat(dropped).hasValue(3);
  }

  @Test
  void dropsAndCountsLinesThatComeAfterTheEnd() {
    files.close();
    append(folder.resolve("access.log"), "one\ntwo\n");
    assertThat(dropped).hasValue(2);
  }

  @Test
  void handsOverALargeBuffer_beforeItIsAsked() throws Exception {
    Path log = folder.resolve("access.log");
    Loop loop = new Loop(0, IoModel.REACTOR, Runnable::run, allocator);
    LogBuffer buffer = new LogBuffer(loop, files, log.toString());
    String line = "x".repeat(99) + "\n";
    for (int i = 0; i < 1000; i++) {
      buffer.lines().writeCharSequence(line, StandardCharsets.US_ASCII);
      buffer.appended();
    }
    await().until(() -> Files.exists(log) && Files.size(log) > 500L * line.length());
    buffer.handOver();
    awaitText(log, line.repeat(1000));
    await().untilAsserted(allocator::assertNothingLeaks);
  }

  private void append(Path log, String line) {
    files.append(log.toString(), Unpooled.copiedBuffer(line, StandardCharsets.US_ASCII));
  }

  private static void awaitText(Path log, String text) {
    await().until(() -> text.equals(read(log)));
  }

  private static String read(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }
}
