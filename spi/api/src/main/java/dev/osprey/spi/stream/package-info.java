/** Stream filters: see a request and its answer go by, and may change, hold, answer or end it. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.osprey.spi.stream;
