/** Random: any endpoint, as often as its weight says. */
@org.jspecify.annotations.NullMarked
package dev.osprey.lb.random;
