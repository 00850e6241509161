/** Load balancers: pure plans that pick an endpoint; what they count is kept by the host. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.osprey.spi.lb;
