/**
 * What every extension kind shares: factories, plan contexts, records of state, ownership marks.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.osprey.spi;
