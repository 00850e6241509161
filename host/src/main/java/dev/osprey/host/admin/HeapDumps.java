package dev.osprey.host.admin;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.osprey.host.deploy.Refusal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Heap dumps into a folder that only the owner may read: they hold what passed through the proxy.
 * The JVM collects and stands still meanwhile, so only a person asks for one.
 */
public final class HeapDumps {
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'heap-'uuuuMMdd-HHmmss-SSS'.hprof'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Path folder;

  /** Dumps go to that folder, which is made when it is needed. */
  public HeapDumps(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the objects that are alive; blocks until the file is whole.
   *
   * @throws Refusal if the JVM or the disk can't
   */
  Path write() throws Refusal {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (jvm == null) {
      throw new Refusal("this JVM writes no heap dumps on demand");
    }
    Path file = folder.resolve(NAME.format(Instant.now())).toAbsolutePath();
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      jvm.dumpHeap(file.toString(), true);
    } catch (IOException failed) {
      throw new Refusal("no heap dump in " + folder + ": " + failed.getMessage());
    }
    return file;
  }
}
