/** The floors of the house, checked: who may see whom, and how long a file may be. */
@org.jspecify.annotations.NullMarked
package dev.osprey.arch;
