/** The fence: the only code that catches what extensions throw on a strand. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.fence;
