/** The reactor: event loops, sockets, wires, timers. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.io;
