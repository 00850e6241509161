package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;

/**
 * A plan that the configuration asks for.
 *
 * @param slot where a generation keeps it; the same from generation to generation
 * @param offer who makes it
 * @param config what it reads
 */
public record PlanSpec(String slot, Offer offer, ConfigNode config) {}
