package dev.osprey.host.plan;

import dev.osprey.spi.log.AccessLogPlan;

/**
 * An access log of a chain.
 *
 * @param target file path, or one of AccessLogPlan's constants
 */
public record LogTarget(Slot<AccessLogPlan> plan, String target) {}
