/** HTTP/2 (RFC 9113) with HPACK (RFC 7541), facing the client and facing the upstream. */
@org.jspecify.annotations.NullMarked
package dev.osprey.codec.http2;
