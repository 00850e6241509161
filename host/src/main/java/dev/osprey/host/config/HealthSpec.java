package dev.osprey.host.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's health check as configured.
 *
 * @param check null: that an endpoint accepts a connection is enough
 */
public record HealthSpec(
    Duration timeout,
    Duration interval,
    int unhealthyThreshold,
    int healthyThreshold,
    int panicPercent,
    @Nullable PlanSpec check) {}
