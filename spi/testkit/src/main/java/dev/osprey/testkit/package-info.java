/**
 * The test kit for authors of bundles: fakes of what the host lends, contracts that every extension
 * of a kind must keep, and faults to inject. Nothing here is meant for production.
 */
@org.jspecify.annotations.NullMarked
package dev.osprey.testkit;
