/** The access log: one line for each stream or connection, in Envoy's format strings. */
@org.jspecify.annotations.NullMarked
package dev.osprey.access.log;
