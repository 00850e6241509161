package dev.osprey.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong with a file, in words; the JDK's messages are often the path alone. */
final class FileTrouble {
  private FileTrouble() {}

  /** One line that names the file and the reason, where there are such. */
  static String words(IOException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> denied.getFile() + ": no permission";
      case NoSuchFileException missing -> missing.getFile() + ": there is no such file or folder";
      case FileAlreadyExistsException other -> other.getFile() + ": it exists and is no folder";
      case NotDirectoryException other -> other.getFile() + ": it is no folder";
      case FileSystemException other when other.getReason() != null ->
          other.getFile() + ": " + other.getReason();
      default -> failure.toString();
    };
  }
}
