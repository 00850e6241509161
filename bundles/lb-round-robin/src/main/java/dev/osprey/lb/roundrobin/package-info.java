/** Round robin: endpoints in turn, as often as their weights say. */
@org.jspecify.annotations.NullMarked
package dev.osprey.lb.roundrobin;
