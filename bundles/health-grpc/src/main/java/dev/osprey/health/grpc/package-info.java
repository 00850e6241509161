/** Asks endpoints through the health service of gRPC. */
@org.jspecify.annotations.NullMarked
package dev.osprey.health.grpc;
