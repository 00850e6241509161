package dev.osprey.config.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from the next without reading it, symbolic links followed.
 *
 * @param identity the file itself (device and inode), so that a rename or a changed link shows
 * @param size in bytes
 * @param modified when it was written; null when it could not be looked at
 * @param failure why it cannot be read; null when it can
 */
record FileState(
    @Nullable Object identity, long size, @Nullable Instant modified, @Nullable String failure) {
  static FileState of(Path path) {
    try {
      BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class);
      String failure = seen.isRegularFile() ? null : "expected a file, found " + kindOf(seen);
      return new FileState(
          seen.fileKey(), seen.size(), seen.lastModifiedTime().toInstant(), failure);
    } catch (NoSuchFileException e) {
      return failed("expected a file, found nothing at this path");
    } catch (IOException e) {
      return failed("expected a readable file, found: " + e.getMessage());
    }
  }

  boolean isOlderThan(Duration age, Instant now) {
    return modified != null && modified.plus(age).isBefore(now);
  }

  private static FileState failed(String why) {
    return new FileState(null, 0, null, why);
  }

  private static String kindOf(BasicFileAttributes seen) {
    return seen.isDirectory() ? "a directory" : "a device or pipe";
  }
}
