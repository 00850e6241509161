package dev.osprey.access.log;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessLogFactory;
import dev.osprey.spi.log.AccessLogPlan;
import java.util.List;

/** Makes the {@code access_log} kind of access log known to the host. */
public final class LineLogFactory implements AccessLogFactory {
  static final String FILE =
      "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog";
  static final String STDOUT =
      "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog";
  static final String STDERR =
      "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StderrAccessLog";

  @Override
  public String name() {
    return "access_log";
  }

  @Override
  public List<String> configTypes() {
    return List.of(FILE, STDOUT, STDERR);
  }

  @Override
  public AccessLogPlan plan(ConfigNode config, PlanContext context) {
    return new LineLogPlan(LineLogConfig.from(config));
  }
}
