package dev.osprey.load;

/** The running counters of an upstream; touched on its loop's thread only. */
final class Tally {
  long accepted;
  long open;
  long closedByPeer;
  long resetByPeer;
  long closedHere;
  long cutShort;
  long requests;
  long malformed;
  long upgrades;

  UpstreamCounters snapshot() {
    return new UpstreamCounters(
        accepted,
        open,
        closedByPeer,
        resetByPeer,
        closedHere,
        cutShort,
        requests,
        malformed,
        upgrades);
  }
}
