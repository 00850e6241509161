/** Classes that break the rules on purpose, to show that each rule bites. */
@org.jspecify.annotations.NullMarked
package dev.osprey.arch.samples;
