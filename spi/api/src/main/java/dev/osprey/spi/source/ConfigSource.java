package dev.osprey.spi.source;

import dev.osprey.spi.Runs;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Where the configuration comes from. Owns no thread: the host asks. */
@ConsumerType
@Runs(Runs.Where.CONTROL)
public interface ConfigSource extends AutoCloseable {
  /**
   * The document, when it differs from what the last call returned; the first call always returns
   * one, which tells what is wrong where nothing could be read. A file still being written is
   * returned when it has come to rest.
   */
  Optional<ConfigDocument> poll();

  @Override
  void close();
}
