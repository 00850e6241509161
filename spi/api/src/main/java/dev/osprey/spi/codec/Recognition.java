package dev.osprey.spi.codec;

/** What a codec says of a connection's first bytes. */
public enum Recognition {
  /** It is this protocol. */
  MATCH,
  /** It may be; more bytes will tell. */
  NEED_MORE,
  /** It is not. */
  NO
}
