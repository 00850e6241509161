/** Classes that tests put into bundles, to make builds that misbehave. */
@org.jspecify.annotations.NullMarked
package dev.osprey.it.bundle;
