package dev.osprey.load;

/**
 * A difference of two figures, in microseconds, with the bounds of its 95 % bootstrap interval.
 *
 * @param windows how many windows of the rarer kind went in; with fewer than about ten the interval
 *     says little
 */
public record Difference(double estimate, double low, double high, int windows) {}
