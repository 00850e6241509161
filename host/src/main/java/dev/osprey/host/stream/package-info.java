/** The stream machine: client connections, exchanges, pooled upstream connections. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.stream;
