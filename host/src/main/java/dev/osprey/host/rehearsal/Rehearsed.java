package dev.osprey.host.rehearsal;

/**
 * What a rehearsal measured.
 *
 * @param slot whose plan it was
 * @param extension whose code it was
 * @param messages how many were run
 * @param firstNanos cost of a message at the beginning; 0 when it was not measured
 * @param lastNanos cost of a message at the end; 0 when it was not measured
 */
public record Rehearsed(
    String slot, String extension, long messages, long firstNanos, long lastNanos) {}
