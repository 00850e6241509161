package dev.osprey.host.deploy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What survives a restart: which file changed when, what was done by hand, what was in use.
 *
 * @param sequence the last number given
 * @param entries all candidates but those of {@code system} that nobody has touched
 * @param running content in use, by symbolic name
 * @param former content in use before, by symbolic name
 */
record DeployRecord(
    long sequence, List<Entry> entries, Map<String, String> running, Map<String, String> former) {
  private static final Logger LOG = LoggerFactory.getLogger(DeployRecord.class);
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();
  private static final DeployRecord NONE = new DeployRecord(0, List.of(), Map.of(), Map.of());

  /**
   * A candidate.
   *
   * @param withdrawn true when it was stopped or uninstalled by hand
   */
  record Entry(String name, String source, String hash, long sequence, boolean withdrawn) {
    private boolean isWhole() {
      return name != null
          && hash != null
          && Arrays.stream(Candidate.Source.values()).anyMatch(it -> it.name().equals(source));
    }
  }

  /**
   * The record of a file; an empty one when there is none. A damaged one is set aside under another
   * name, for a process that does not start is worse than one that has forgotten a choice.
   */
  static DeployRecord read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return NONE;
    }
    try {
      DeployRecord read =
          GSON.fromJson(
              new String(Files.readAllBytes(file), StandardCharsets.UTF_8), DeployRecord.class);
      if (read == null || !read.isWhole()) {
        throw new JsonParseException("it is not whole");
      }
      return read;
    } catch (JsonParseException damaged) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.warn(
          "the record of deployments {} is damaged and is now {}; the start goes on without it: of"
              + " the jars in the deploy folder each bundle's highest version is taken, and what"
              + " was done by hand (swap, back, stop, start, update, uninstall) is forgotten: {}",
          file,
          aside,
          damaged.getMessage());
      return NONE;
    }
  }

  private boolean isWhole() {
    return entries != null
        && entries.stream().allMatch(entry -> entry != null && entry.isWhole())
        && isWhole(running)
        && isWhole(former);
  }

  private static boolean isWhole(@Nullable Map<String, String> hashes) {
    return hashes != null && !hashes.containsValue(null);
  }

  /** Replaces the file as a whole, so that after a power cut the old or the new one is there. */
  void write(Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel out =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer text = StandardCharsets.UTF_8.encode(GSON.toJson(this) + "\n");
      while (text.hasRemaining()) {
        out.write(text);
      }
      // Else the new name may reach the disk before the content does.
      out.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(file.toAbsolutePath().resolveSibling("."));
  }

  private static void force(Path folder) {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    } catch (IOException notHere) {
      // Not every system lets a folder be forced; there the old record may be back after a cut.
      LOG.debug("{} can't be forced to the disk: {}", folder, notHere.toString());
    }
  }
}
