package dev.osprey.codec.http1;

import dev.osprey.http.common.EnvoyOptions;

/**
 * The bounds of what a peer may send.
 *
 * @param maxHeadBytes start line and fields together
 * @param maxFields field lines of a head, and of a trailer section
 * @param maxTargetBytes the request target
 * @param maxTrailerBytes a trailer section
 * @param maxChunkExtensionBytes the extensions of one chunk
 * @param maxChunkExtensionBytesTotal the extensions of all chunks of a message
 * @param maxInterimResponses heads with a status of 1xx before the final one
 */
record Limits(
    int maxHeadBytes,
    int maxFields,
    int maxTargetBytes,
    int maxTrailerBytes,
    int maxChunkExtensionBytes,
    int maxChunkExtensionBytesTotal,
    int maxInterimResponses) {
  /** What holds when nothing is configured. */
  static final Limits DEFAULTS =
      new Limits(
          EnvoyOptions.DEFAULT_HEAD_BYTES,
          EnvoyOptions.DEFAULT_FIELDS,
          16_384,
          16_384,
          1_024,
          65_536,
          16);
}
