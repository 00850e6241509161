/** The control socket and the commands. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.admin;
