/** Asks endpoints for a path over HTTP. */
@org.jspecify.annotations.NullMarked
package dev.osprey.health.http;
