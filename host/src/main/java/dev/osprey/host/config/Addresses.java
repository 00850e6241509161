package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Reads Envoy's {@code Address}; only IP addresses, so that nothing has to be resolved. */
final class Addresses {
  private static final Keys ADDRESS =
      Keys.of("socket_address").refusing("pipe", "envoy_internal_address");
  private static final Keys SOCKET =
      Keys.of("protocol", "address", "port_value")
          .refusing("named_port", "resolver_name", "ipv4_compat", "network_namespace_filepath");

  private Addresses() {}

  /** The address below the key {@code address} of a map; a problem when there is none. */
  static Optional<InetSocketAddress> of(ConfigNode parent, int leastPort) {
    ConfigNode address = parent.required("address");
    if (!parent.has("address")) {
      return Optional.empty();
    }
    ADDRESS.check(address);
    return address
        .get("socket_address")
        .map(SOCKET::check)
        .or(() -> {
          address.say("expected a socket_address, found nothing");
          return Optional.empty();
        })
        .flatMap(socket -> socket(socket, leastPort));
  }

  private static Optional<InetSocketAddress> socket(ConfigNode socket, int leastPort) {
    socket
        .get("protocol")
        .filter(protocol -> !"TCP".equals(protocol.raw()))
        .ifPresent(protocol -> protocol.problem("TCP"));
    int port = socket.integer("port_value", -1, leastPort, 65_535);
    if (!socket.has("port_value")) {
      socket.say("expected a port_value, found nothing");
    }
    String text = socket.requiredString("address");
    Optional<InetAddress> ip = literal(text);
    if (ip.isEmpty() && !text.isEmpty()) {
      socket
          .required("address")
          .problem("an IP address such as 127.0.0.1 (names are not resolved)");
    }
    return port < 0 ? Optional.empty() : ip.map(host -> new InetSocketAddress(host, port));
  }

  private static Optional<InetAddress> literal(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }
}
