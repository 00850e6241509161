package dev.osprey.host.config;

import dev.osprey.spi.Factory;
import dev.osprey.spi.codec.CodecFactory;
import dev.osprey.spi.health.HealthCheckFactory;
import dev.osprey.spi.lb.LoadBalancerFactory;
import dev.osprey.spi.log.AccessLogFactory;
import dev.osprey.spi.network.ByteTerminalFactory;
import dev.osprey.spi.route.RouterFactory;
import dev.osprey.spi.source.ConfigSourceFactory;
import dev.osprey.spi.stream.StreamFilterFactory;

/** The extension kinds, each with the interface under which its factories are registered. */
public enum Kind {
  /** Bytes to messages and back. */
  CODEC("codec", CodecFactory.class),
  /** Byte terminals. */
  NETWORK("network", ByteTerminalFactory.class),
  /** What sees requests and their answers go by. */
  STREAM_FILTER("stream-filter", StreamFilterFactory.class),
  /** Request heads to decisions. */
  ROUTER("router", RouterFactory.class),
  /** What asks endpoints how they are. */
  HEALTH_CHECK("health-check", HealthCheckFactory.class),
  /** What picks endpoints. */
  LOAD_BALANCER("load-balancer", LoadBalancerFactory.class),
  /** Records to lines. */
  ACCESS_LOG("access_log", AccessLogFactory.class),
  /** Where the configuration comes from. */
  CONFIG("config", ConfigSourceFactory.class);

  private final String label;
  private final Class<? extends Factory> type;

  Kind(String label, Class<? extends Factory> type) {
    this.label = label;
    this.type = type;
  }

  /** The kind as capabilities and reports spell it. */
  public String label() {
    return label;
  }

  /** The factory's interface. */
  public Class<? extends Factory> type() {
    return type;
  }
}
