/** The {@code thread} I/O model: virtual threads that block in their sockets, and their strands. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.shard;
