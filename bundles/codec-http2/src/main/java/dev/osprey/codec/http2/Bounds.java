package dev.osprey.codec.http2;

/**
 * How much a peer may do that serves no request, before its connection ends with ENHANCE_YOUR_CALM.
 * Names are Envoy's where it has one.
 *
 * @param emptyFrames frames without payload and without END_STREAM in a row
 * @param prioritiesPerStream PRIORITY frames for each opened stream
 * @param windowUpdatesPerData WINDOW_UPDATE frames for each DATA frame sent
 * @param outboundFrames frames written while the peer does not read
 * @param outboundControlFrames acknowledgements and resets written while the peer does not read
 * @param outboundBytes bytes of all frames written while the peer does not read
 * @param controlFrames SETTINGS, PING, unknown and otherwise useless frames, beyond those that
 *     messages and time make up for
 * @param prematureResets streams that end by the client's doing before their answer is complete,
 *     beyond those that complete ones and time make up for
 * @param continuations CONTINUATION frames of one block
 * @param headExpansion how many times the bytes that a field section may have it may decode to; up
 *     to there it is only refused
 * @param waitingPieces pieces of a stream's body, below 1 KiB each, that the receiver has and did
 *     not take yet; more are gathered, nothing ends
 * @param openHeadBytes bytes of the request heads that a client's open streams hold together, each
 *     field counted with 32 bytes more; while they hold as many, further streams are refused
 */
record Bounds(
    int emptyFrames,
    int prioritiesPerStream,
    int windowUpdatesPerData,
    int outboundFrames,
    int outboundControlFrames,
    int outboundBytes,
    int controlFrames,
    int prematureResets,
    int continuations,
    int headExpansion,
    int waitingPieces,
    int openHeadBytes) {
  /** What holds when nothing is configured. */
  static final Bounds DEFAULTS =
      new Bounds(1, 100, 10, 10_000, 1_000, 32 << 20, 1_000, 200, 64, 4, 256, 1 << 20);

  private static final int LARGEST_HEADS = 16;

  /** What open streams may hold where a head may have so many bytes: sixteen of the largest. */
  static int usualOpenHeadBytes(int maxHeadBytes) {
    return Math.max(DEFAULTS.openHeadBytes, LARGEST_HEADS * maxHeadBytes);
  }

  /** The same where a head may have so many bytes. */
  Bounds forHeads(int maxHeadBytes) {
    return new Bounds(
        emptyFrames,
        prioritiesPerStream,
        windowUpdatesPerData,
        outboundFrames,
        outboundControlFrames,
        outboundBytes,
        controlFrames,
        prematureResets,
        continuations,
        headExpansion,
        waitingPieces,
        usualOpenHeadBytes(maxHeadBytes));
  }
}
