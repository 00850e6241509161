package dev.osprey.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The data folder of one running instance; the lock on it is held until it is closed. */
final class DataFolder implements Closeable {
  private final Path path;
  private final FileChannel lockFile;

  private DataFolder(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder if need be, for its owner's eyes only, and locks it.
   *
   * @throws CommandFailure if it can't be made or another process holds it
   */
  static DataFolder open(Path path) {
    try {
      makePrivate(path);
      FileChannel channel = openLockFile(path);
      if (lock(channel) == null) {
        String holder = Files.readString(lockFile(path)).strip();
        channel.close();
        throw new CommandFailure(inUse(path, holder));
      }
      channel.truncate(0);
      channel.write(UTF_8.encode(ProcessHandle.current().pid() + "\n"));
      return new DataFolder(path, channel);
    } catch (IOException failure) {
      throw new CommandFailure(
          "cannot use the data folder "
              + path
              + " ("
              + FileTrouble.words(failure)
              + "); choose one with --data DIR");
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    lockFile.truncate(0);
    lockFile.close();
  }

  static void makePrivate(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static FileChannel openLockFile(Path folder) throws IOException {
    return FileChannel.open(
        lockFile(folder),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static Path lockFile(Path folder) {
    return folder.resolve("lock");
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  private static String inUse(Path path, String holder) {
    String process = holder.isEmpty() ? "another process" : "process " + holder;
    return "the data folder "
        + path
        + " is in use by "
        + process
        + "; stop that instance, or give this one its own with --data DIR";
  }
}
