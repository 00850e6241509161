/**
 * Load, soak and residue tools: upstreams, clients that check every byte, latency windows, a JVM
 * residue probe.
 */
@NullMarked
package dev.osprey.load;

import org.jspecify.annotations.NullMarked;
