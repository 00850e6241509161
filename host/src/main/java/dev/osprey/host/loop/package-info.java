/** One event loop and what lives on it: wires, the timer wheel, connections. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.loop;
