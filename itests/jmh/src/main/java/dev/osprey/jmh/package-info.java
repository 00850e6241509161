/** What the benchmarks share. */
@org.jspecify.annotations.NullMarked
package dev.osprey.jmh;
