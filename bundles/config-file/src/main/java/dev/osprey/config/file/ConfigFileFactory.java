package dev.osprey.config.file;

import dev.osprey.spi.source.ConfigSource;
import dev.osprey.spi.source.ConfigSourceFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Makes the {@code file} configuration source known to the host. */
public final class ConfigFileFactory implements ConfigSourceFactory {
  @Override
  public String name() {
    return "file";
  }

  @Override
  public List<String> configTypes() {
    return List.of("type.googleapis.com/envoy.config.core.v3.PathConfigSource");
  }

  @Override
  public boolean accepts(URI location) {
    boolean hasScheme = location.getScheme() != null;
    return (!hasScheme || "file".equalsIgnoreCase(location.getScheme()))
        && (location.getAuthority() == null || location.getAuthority().isEmpty());
  }

  @Override
  public ConfigSource open(URI location) {
    return new ConfigFile(pathOf(location), InstantSource.system());
  }

  /** {@code file:conf/osprey.yaml} is relative to the working directory and has no URI path. */
  private static Path pathOf(URI location) {
    String path = location.getPath();
    return Path.of(path != null ? path : location.getSchemeSpecificPart());
  }
}
