package dev.osprey.host.config;

import dev.osprey.host.plan.HealthTimes;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's health check as configured.
 *
 * @param panicPercent of endpoints, 0 to 100
 * @param check null: that an endpoint accepts a connection is enough
 */
public record HealthSpec(
    HealthTimes times,
    int unhealthyThreshold,
    int healthyThreshold,
    double panicPercent,
    @Nullable PlanSpec check) {}
