/** What is done when the memory of buffers gets scarce, so that the greedy pay and no one else. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.overload;
