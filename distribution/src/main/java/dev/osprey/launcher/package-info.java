/** The command line of Osprey: starts the framework and the host in it, talks to a running one. */
@NullMarked
package dev.osprey.launcher;

import org.jspecify.annotations.NullMarked;
