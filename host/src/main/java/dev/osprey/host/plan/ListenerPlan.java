package dev.osprey.host.plan;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A listener of a generation.
 *
 * @param bufferLimitBytes {@code per_connection_buffer_limit_bytes}: queued output at which the
 *     source is paused; it resumes at half
 * @param maxConnections accepted connections at a time, over all loops
 * @param detectionTimeout how long the first bytes may take to tell the protocol; zero for ever
 * @param ioModel what moves the bytes of its connections
 */
public record ListenerPlan(
    String name,
    InetSocketAddress address,
    ChainPlan chain,
    int bufferLimitBytes,
    int maxConnections,
    Duration detectionTimeout,
    IoModel ioModel) {}
