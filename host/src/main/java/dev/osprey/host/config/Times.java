package dev.osprey.host.config;

import dev.osprey.host.plan.StreamOptions;
import dev.osprey.spi.config.ConfigNode;
import java.time.Duration;

/** Reads the times and the bound of the stream terminal. */
final class Times {
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration STREAM_IDLE = Duration.ofMinutes(5);
  private static final Duration HEADERS = Duration.ofSeconds(10);

  private Times() {}

  /**
   * What a terminal says; {@code common} holds those of connections.
   *
   * @param idle key of the idle timeout in {@code common}
   * @param age key of the connection's greatest age in {@code common}
   */
  static StreamOptions of(ConfigNode terminal, ConfigNode common, String idle, String age) {
    StreamOptions times =
        new StreamOptions(
            common.duration(idle, IDLE),
            terminal.duration("stream_idle_timeout", STREAM_IDLE),
            terminal.duration("request_headers_timeout", HEADERS),
            terminal.duration("request_timeout", Duration.ZERO),
            common.duration(age, Duration.ZERO));
    return times.withMaxRequestBytes(
        terminal.integer("max_request_bytes", 0, 0, Integer.MAX_VALUE));
  }
}
