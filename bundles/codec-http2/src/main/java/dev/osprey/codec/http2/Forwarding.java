package dev.osprey.codec.http2;

/**
 * What the proxy says of itself in forwarded messages.
 *
 * @param useRemoteAddress the peer is the client or a known hop: its address and scheme are
 *     recorded
 * @param trustedHops proxies in front of this one whose X-Forwarded-Proto is believed
 * @param skipAppend leave X-Forwarded-For alone
 * @param via the proxy's name in Via; empty for no field
 * @param generateRequestId give requests an X-Request-Id
 * @param preserveRequestId keep the one a request brings
 * @param requestIdInResponse repeat it in the response
 * @param serverName for the Server field of responses; empty to leave it alone
 * @param serverHeader what becomes of an upstream's Server field when there is a name
 * @param versionHeader tell the codec's version in responses
 */
record Forwarding(
    boolean useRemoteAddress,
    int trustedHops,
    boolean skipAppend,
    String via,
    boolean generateRequestId,
    boolean preserveRequestId,
    boolean requestIdInResponse,
    String serverName,
    ServerHeader serverHeader,
    boolean versionHeader) {
  /** What holds when nothing is configured. */
  static final Forwarding DEFAULTS =
      new Forwarding(true, 0, false, "", true, false, false, "", ServerHeader.OVERWRITE, false);

  /** What becomes of the Server field; the names are Envoy's. */
  enum ServerHeader {
    /** Replace it by the own name. */
    OVERWRITE,
    /** Add the own name where there is none. */
    APPEND_IF_ABSENT,
    /** Leave it alone. */
    PASS_THROUGH
  }
}
