/** The configuration tree that plans read, with positions and a collector of all mistakes. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
@org.jspecify.annotations.NullMarked
package dev.osprey.spi.config;
