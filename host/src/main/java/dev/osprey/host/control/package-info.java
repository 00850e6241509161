/** The one owner of desired and running state: changes, generations, swaps, retirement. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.control;
