/** The soak: a thousand swaps under millions of requests. */
@org.jspecify.annotations.NullMarked
package dev.osprey.it.soak;
