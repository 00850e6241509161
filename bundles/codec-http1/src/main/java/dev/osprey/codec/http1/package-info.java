/** HTTP/1.0 and HTTP/1.1 (RFC 9112, RFC 9110), facing the client and facing the upstream. */
@org.jspecify.annotations.NullMarked
package dev.osprey.codec.http1;
