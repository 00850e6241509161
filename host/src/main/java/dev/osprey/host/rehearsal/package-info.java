/** Runs new plans over their own corpus before traffic does. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.rehearsal;
