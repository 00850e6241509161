package dev.osprey.host.control;

import dev.osprey.spi.source.ConfigDocument;
import dev.osprey.spi.source.ConfigSource;
import dev.osprey.spi.source.ConfigSourceFactory;
import dev.osprey.testkit.ConfigNodes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A configuration that a test sets. */
public record FakeSource(AtomicReference<String> text) implements ConfigSourceFactory {
  @Override
  public String name() {
    return "file";
  }

  @Override
  public List<String> configTypes() {
    return List.of("type.googleapis.com/test.Source");
  }

  @Override
  public boolean accepts(URI location) {
    return true;
  }

  @Override
  public ConfigSource open(URI location) {
    return new ConfigSource() {
      private @Nullable String told;

      @Override
      public Optional<ConfigDocument> poll() {
        String now = text.get();
        if (now.equals(told)) {
          return Optional.empty();
        }
        told = now;
        return Optional.of(
            new ConfigDocument(ConfigNodes.json(now), Integer.toHexString(now.hashCode())));
      }

      @Override
      public void close() {}
    };
  }
}
