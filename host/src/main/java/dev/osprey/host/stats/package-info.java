/** Counters and latency histograms, kept per loop and added up when asked for. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.stats;
