package dev.osprey.host.plan;

import dev.osprey.spi.ClusterRef;

/**
 * The handle of a cluster: its name and the number by which loops find it.
 *
 * @param index number of the name in this process, never reused
 */
public record NamedCluster(String name, int index) implements ClusterRef {}
