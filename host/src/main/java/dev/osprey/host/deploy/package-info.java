/** Which content of which bundle is wanted: the deploy folder, the system's bundles, the record. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.deploy;
