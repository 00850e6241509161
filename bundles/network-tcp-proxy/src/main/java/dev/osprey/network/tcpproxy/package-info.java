/** The byte terminal that carries a connection to a cluster as it is. */
@org.jspecify.annotations.NullMarked
package dev.osprey.network.tcpproxy;
