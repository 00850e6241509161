package dev.osprey.load;

/**
 * What an upstream has seen so far.
 *
 * @param accepted connections accepted
 * @param open connections open now
 * @param closedByPeer connections whose other side sent FIN first
 * @param resetByPeer connections that broke by RST or another error
 * @param closedHere connections this upstream chose to close
 * @param cutShort requests whose bytes ended in the middle
 * @param requests requests, counted at their head; messages for a byte upstream
 * @param malformed connections whose bytes were not HTTP
 * @param upgrades connections turned into echo tunnels
 */
public record UpstreamCounters(
    long accepted,
    long open,
    long closedByPeer,
    long resetByPeer,
    long closedHere,
    long cutShort,
    long requests,
    long malformed,
    long upgrades) {

  /** What happened between an earlier reading and this one; {@code open} is that of this one. */
  public UpstreamCounters since(UpstreamCounters earlier) {
    return new UpstreamCounters(
        accepted - earlier.accepted,
        open,
        closedByPeer - earlier.closedByPeer,
        resetByPeer - earlier.resetByPeer,
        closedHere - earlier.closedHere,
        cutShort - earlier.cutShort,
        requests - earlier.requests,
        malformed - earlier.malformed,
        upgrades - earlier.upgrades);
  }
}
