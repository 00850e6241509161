package dev.osprey.codec.http2;

/** The steps of our goodbye, and the PINGs that we send (RFC 9113 sections 6.7 and 6.8). */
final class Goodbyes {
  static final int NONE = 0;

  /** GOAWAY with the highest number was sent; streams on their way are still served. */
  static final int ANNOUNCED = 1;

  /** GOAWAY with the last stream was sent; later ones are not acted upon. */
  static final int FINAL = 2;

  /** Its answer says that the client knows of our goodbye. */
  static final long DRAIN_PING = 0x6f73_7072_6579_0001L;

  /** Its answer says that the peer is there. */
  static final long ALIVE_PING = 0x6f73_7072_6579_0002L;

  private Goodbyes() {}
}
