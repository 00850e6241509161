package dev.osprey.network.tcpproxy;

import dev.osprey.spi.StateRecord;

/**
 * What travels from one version to the next.
 *
 * @param attempts attempts to connect that were begun, 0 to 255
 * @param downstreamEnded the client sends no more
 * @param upstreamEnded the upstream sends no more
 */
record TcpProxyState(int attempts, boolean downstreamEnded, boolean upstreamEnded) {
  /** Before {@code opened}. */
  static final TcpProxyState NEW = new TcpProxyState(0, false, false);

  private static final String FORMAT = "tcp_proxy";
  private static final int VERSION = 1;
  private static final int LENGTH = 2;
  private static final int DOWNSTREAM_ENDED = 1;
  private static final int UPSTREAM_ENDED = 2;

  static boolean reads(StateRecord record) {
    return record.isIn(FORMAT, VERSION, VERSION) && record.state().length == LENGTH;
  }

  static TcpProxyState from(StateRecord record) {
    byte[] bytes = record.state();
    return new TcpProxyState(
        bytes[0] & 0xff, (bytes[1] & DOWNSTREAM_ENDED) != 0, (bytes[1] & UPSTREAM_ENDED) != 0);
  }

  StateRecord record() {
    int ended = (downstreamEnded ? DOWNSTREAM_ENDED : 0) | (upstreamEnded ? UPSTREAM_ENDED : 0);
    return new StateRecord(FORMAT, VERSION, new byte[] {(byte) attempts, (byte) ended});
  }
}
