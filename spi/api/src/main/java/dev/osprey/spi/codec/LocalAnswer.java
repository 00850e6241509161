package dev.osprey.spi.codec;

import dev.osprey.spi.message.ResponseHead;

/**
 * The proxy's own answer, worded by a codec.
 *
 * @param head with its fields and, where the protocol has one, the length of the body
 * @param body the body's bytes; empty for none; not changed afterwards
 */
public record LocalAnswer(ResponseHead head, byte[] body) {}
