package dev.osprey.host.plan;

import dev.osprey.spi.health.HealthCheckPlan;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster's endpoints are checked.
 *
 * @param times when
 * @param unhealthyThreshold probes in a row without an answer that make an endpoint unhealthy
 * @param healthyThreshold good probes in a row that make it healthy again
 * @param panicPercent when fewer endpoints are healthy, health is not looked at; 0: never
 * @param check what is asked; null: that it accepts a connection is enough
 */
public record HealthPlan(
    HealthTimes times,
    int unhealthyThreshold,
    int healthyThreshold,
    double panicPercent,
    @Nullable Slot<HealthCheckPlan> check) {}
