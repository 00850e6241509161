/** Counts gRPC calls and their messages, by method. */
@org.jspecify.annotations.NullMarked
package dev.osprey.stream.grpcstats;
