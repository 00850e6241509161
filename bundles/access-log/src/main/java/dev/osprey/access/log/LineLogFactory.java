package dev.osprey.access.log;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessLogFactory;
import dev.osprey.spi.log.AccessLogPlan;
import java.util.List;

/** Makes the access logs of one destination known to the host. */
public final class LineLogFactory implements AccessLogFactory {
  private final Destination destination;

  LineLogFactory(Destination destination) {
    this.destination = destination;
  }

  @Override
  public String name() {
    return destination.extension();
  }

  @Override
  public List<String> configTypes() {
    return List.of(destination.type());
  }

  @Override
  public AccessLogPlan plan(ConfigNode config, PlanContext context) {
    return new LineLogPlan(LineLogConfig.from(config, destination));
  }
}
