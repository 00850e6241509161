package dev.osprey.testkit.toy;

import dev.osprey.spi.config.ConfigNode;

/**
 * The configuration of the toy codec.
 *
 * @param maxStreams open streams a connection may have
 * @param maxHeadBytes size of a block before it is decoded
 * @param maxQueuedBytes body of one stream that may wait for credit; more resets the stream
 * @param stamp true when each response says in {@code x-served-by} which version sent it
 */
record ToyMuxConfig(int maxStreams, int maxHeadBytes, int maxQueuedBytes, boolean stamp) {
  static ToyMuxConfig from(ConfigNode node) {
    node.allowOnly("@type", "max_streams", "max_head_bytes", "max_queued_bytes", "stamp");
    return new ToyMuxConfig(
        node.integer("max_streams", 100, 1, 100_000),
        node.integer("max_head_bytes", 65_536, 1, 1 << 24),
        node.integer("max_queued_bytes", 1 << 20, 0, 1 << 28),
        node.flag("stamp", false));
  }
}
