package dev.osprey.host.plan;

import java.net.InetSocketAddress;

/**
 * A listener of a generation.
 *
 * @param bufferLimitBytes {@code per_connection_buffer_limit_bytes}: queued output at which the
 *     source is paused; it resumes at half
 * @param maxConnections accepted connections at a time, over all loops
 * @param ioModel what moves the bytes of its connections
 */
public record ListenerPlan(
    String name,
    InetSocketAddress address,
    ChainPlan chain,
    int bufferLimitBytes,
    int maxConnections,
    IoModel ioModel) {}
