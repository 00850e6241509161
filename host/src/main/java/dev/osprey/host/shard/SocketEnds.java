package dev.osprey.host.shard;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;

/** The two addresses of a connection, which outlive its socket. */
record SocketEnds(SocketAddress peer, SocketAddress local) {
  /** Of a connected channel. */
  static SocketEnds of(SocketChannel channel) throws IOException {
    return new SocketEnds(channel.getRemoteAddress(), channel.getLocalAddress());
  }
}
