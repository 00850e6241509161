/** Health checks: pure plans that say what to ask an endpoint and judge what it answers. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
@org.jspecify.annotations.NullMarked
package dev.osprey.spi.health;
