/** Programs that speak gRPC through grpc-java; each runs as a process of its own. */
@org.jspecify.annotations.NullMarked
package dev.osprey.grpc;
