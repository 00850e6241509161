package dev.osprey.host.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of the reports, a line of JSON for each. When it has grown large it gets another name,
 * in the place of the one that had it before, and a new one begins. Not thread-safe.
 */
final class ReportFile {
  private static final long MOST_BYTES = 16L << 20;
  private static final long TAIL_BYTES = 1L << 20;
  private static final String NUMBER = "{\"number\":";
  private static final Pattern DIGITS = Pattern.compile("(\\d{1,18}),");

  private final Path file;
  private final Path former;
  private final long mostBytes;

  /** A file that need not be there yet. */
  ReportFile(Path file) {
    this(file, MOST_BYTES);
  }

  /**
   * A file that need not be there yet.
   *
   * @param mostBytes past which the next line begins a new one
   */
  ReportFile(Path file, long mostBytes) {
    this.file = file;
    this.former = file.resolveSibling("reports.1.jsonl");
    this.mostBytes = mostBytes;
  }

  /** The highest number that an earlier process gave; 0 when there was none. */
  long lastNumber() throws IOException {
    // A new file may so far hold only what became known of reports in the former one.
    return Math.max(lastNumber(file), lastNumber(former));
  }

  /** Writes one more line; what a crash has left of a line before it goes. */
  void append(String line) throws IOException {
    if (Files.exists(file) && Files.size(file) > mostBytes) {
      Files.move(file, former, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = endOfLastLine(channel);
      channel.truncate(end).position(end);
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  private static long endOfLastLine(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    long end = channel.size();
    while (end > 0) {
      channel.read(one.clear(), end - 1);
      if (one.get(0) == '\n') {
        break;
      }
      end--;
    }
    return end;
  }

  /**
   * The highest number at the end of a file. That of the last line need not be it: what becomes
   * known of a report later is a line, too, but only of the last few hundred.
   */
  private static long lastNumber(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      long number = 0;
      for (long tail = TAIL_BYTES; number == 0; tail *= 4) {
        number = highest(tail(channel, tail));
        if (tail >= channel.size()) {
          break;
        }
      }
      return number;
    }
  }

  private static String tail(FileChannel channel, long most) throws IOException {
    long from = Math.max(0, channel.size() - most);
    ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - from));
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
      // A read may bring less than there is.
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
  }

  /** The highest number that a line begins with, also a line whose end is lost. */
  private static long highest(String lines) {
    long highest = 0;
    for (int at = 0; at >= 0; at = next(lines, at)) {
      if (lines.startsWith(NUMBER, at)) {
        Matcher digits = DIGITS.matcher(lines).region(at + NUMBER.length(), lines.length());
        highest = digits.lookingAt() ? Math.max(highest, Long.parseLong(digits.group(1))) : highest;
      }
    }
    return highest;
  }

  private static int next(String lines, int from) {
    int end = lines.indexOf('\n', from);
    return end < 0 ? -1 : end + 1;
  }
}
