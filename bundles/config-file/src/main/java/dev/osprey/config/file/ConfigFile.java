package dev.osprey.config.file;

import dev.osprey.spi.source.ConfigDocument;
import dev.osprey.spi.source.ConfigSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One configuration file, looked at again with each poll.
 *
 * <p>A change counts when two polls in a row see the same file (its identity, size and time), so
 * that a file still being written is left alone; then the content's hash decides. What could not be
 * read is reported once, until it reads differently.
 */
final class ConfigFile implements ConfigSource {
  /** A file this young may change again without a change of size and time. */
  private static final Duration YOUNG = Duration.ofSeconds(2);

  private final Path path;
  private final InstantSource clock;
  private @Nullable FileState candidate;
  private @Nullable FileState settled;
  private @Nullable String returned;

  ConfigFile(Path path, InstantSource clock) {
    this.path = path;
    this.clock = clock;
  }

  @Override
  public Optional<ConfigDocument> poll() {
    FileState now = FileState.of(path);
    boolean first = returned == null;
    boolean atRest = now.equals(candidate);
    candidate = now;
    if (now.equals(settled) || !(first || atRest)) {
      return Optional.empty();
    }
    return read(now, first);
  }

  private Optional<ConfigDocument> read(FileState before, boolean first) {
    FileContent content = FileContent.read(path, before);
    if (!first && !FileState.of(path).equals(before)) {
      return Optional.empty();
    }
    boolean old = before.isOlderThan(YOUNG, clock.instant());
    settled = content.failed() || !old ? null : before;
    if (content.version().equals(returned)) {
      return Optional.empty();
    }
    returned = content.version();
    return Optional.of(ConfigText.document(content, path.toString()));
  }

  @Override
  public void close() {}
}
