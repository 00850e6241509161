/** Byte terminals: what ends a filter chain that carries plain bytes. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.osprey.spi.network;
