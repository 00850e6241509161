package dev.osprey.host.config;

import dev.osprey.host.plan.IoModel;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A listener as configured.
 *
 * @param address null when it could not be read, with a problem
 * @param chain null when it could not be read, with a problem
 */
public record ListenerSpec(
    String name,
    @Nullable InetSocketAddress address,
    @Nullable ChainSpec chain,
    int bufferLimitBytes,
    int maxConnections,
    Duration detectionTimeout,
    IoModel ioModel) {}
