/** Reads Envoy's v3 shape into what a generation needs; finds the extension of each part. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.config;
