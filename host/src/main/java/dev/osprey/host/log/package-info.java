/** Files that access logs write to, and the thread that writes them. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.log;
