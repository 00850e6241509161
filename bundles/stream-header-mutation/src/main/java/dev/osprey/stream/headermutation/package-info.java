/** The header mutation filter: adds, replaces and removes headers and trailers. */
@org.jspecify.annotations.NullMarked
package dev.osprey.stream.headermutation;
