package dev.osprey.host.deploy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

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
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /**
   * A candidate.
   *
   * @param withdrawn true when it was stopped or uninstalled by hand
   */
  record Entry(String name, String source, String hash, long sequence, boolean withdrawn) {}

  /** The record of a file; an empty one when there is none. */
  static DeployRecord read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new DeployRecord(0, List.of(), Map.of(), Map.of());
    }
    try {
      DeployRecord read = GSON.fromJson(Files.readString(file), DeployRecord.class);
      if (read == null || read.entries == null || read.running == null || read.former == null) {
        throw new JsonParseException("incomplete");
      }
      return read;
    } catch (JsonParseException damaged) {
      throw new IOException(file + " is damaged: " + damaged.getMessage());
    }
  }

  /** Replaces the file as a whole. */
  void write(Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, GSON.toJson(this) + "\n");
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
