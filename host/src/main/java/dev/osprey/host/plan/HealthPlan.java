package dev.osprey.host.plan;

import dev.osprey.spi.health.HealthCheckPlan;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster's endpoints are checked.
 *
 * @param timeout for one probe, connecting included
 * @param interval from the end of a probe to the next
 * @param unhealthyThreshold failed probes in a row that make an endpoint unhealthy
 * @param healthyThreshold good probes in a row that make it healthy again
 * @param panicPercent when fewer endpoints are healthy, health is not looked at; 0: never
 * @param check what is asked; null: that it accepts a connection is enough
 */
public record HealthPlan(
    Duration timeout,
    Duration interval,
    int unhealthyThreshold,
    int healthyThreshold,
    int panicPercent,
    @Nullable Slot<HealthCheckPlan> check) {}
