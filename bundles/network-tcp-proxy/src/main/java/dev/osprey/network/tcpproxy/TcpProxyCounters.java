package dev.osprey.network.tcpproxy;

import dev.osprey.spi.Counter;
import dev.osprey.spi.PlanContext;

/**
 * What is counted, kept by the host across versions.
 *
 * @param connections accepted connections
 * @param connectFailures attempts to connect that failed
 * @param bytesReceived bytes from clients
 * @param bytesSent bytes to clients
 */
record TcpProxyCounters(
    Counter connections, Counter connectFailures, Counter bytesReceived, Counter bytesSent) {
  static TcpProxyCounters of(String statPrefix, PlanContext context) {
    String prefix = "tcp_proxy." + statPrefix + ".";
    return new TcpProxyCounters(
        context.counter(prefix + "connections"),
        context.counter(prefix + "connect_failures"),
        context.counter(prefix + "bytes_received"),
        context.counter(prefix + "bytes_sent"));
  }
}
