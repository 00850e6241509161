package dev.osprey.spi.health;

import dev.osprey.spi.message.RequestHead;

/**
 * The request of one probe.
 *
 * @param head not used again by whoever made it
 * @param body the bytes of its body, not changed afterwards; empty for none
 */
public record Probe(RequestHead head, byte[] body) {}
