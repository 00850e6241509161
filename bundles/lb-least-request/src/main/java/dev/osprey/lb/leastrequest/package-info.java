/** Least request: of a few endpoints the one with the least to do. */
@org.jspecify.annotations.NullMarked
package dev.osprey.lb.leastrequest;
