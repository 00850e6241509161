/** The closed language between codecs, the router and the host: heads, fields, resets, replies. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
@org.jspecify.annotations.NullMarked
package dev.osprey.spi.message;
