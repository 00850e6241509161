package dev.osprey.host.plan;

/**
 * A plan and the extension that made it.
 *
 * @param plan the plan
 * @param extension whose code it runs
 * @param key equal for a plan that can be carried over: bundle content, configuration, dependencies
 * @param <P> the plan's spi type
 */
public record Bound<P>(P plan, Extension extension, String key) {}
