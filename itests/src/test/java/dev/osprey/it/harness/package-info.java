/** What the integration tests drive: the unpacked archive, its processes, raw sockets, odd jars. */
@org.jspecify.annotations.NullMarked
package dev.osprey.it.harness;
