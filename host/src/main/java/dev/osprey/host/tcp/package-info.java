/** Pairs of connections under a byte terminal. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.tcp;
