package dev.osprey.spi.codec;

import org.jspecify.annotations.Nullable;

/**
 * One piece of a codec's corpus: what a client sends and what an upstream answers. The host runs it
 * through a server and a client codec back to back, with and without detach and attach between the
 * pieces, and compares. An answer is delivered only after the request it answers was sent on.
 *
 * @param name for messages
 * @param request all bytes of the client, any number of messages
 * @param upstreamRequest what must leave towards the upstream; null accepts anything
 * @param response all bytes of the upstream, answering all of them
 * @param downstreamResponse what must leave towards the client; null accepts anything
 */
public record CodecRehearsal(
    String name,
    byte[] request,
    byte @Nullable [] upstreamRequest,
    byte[] response,
    byte @Nullable [] downstreamResponse) {}
