package dev.osprey.codec.http2;

import dev.osprey.spi.message.Reset;

/** What differs between the end that faces the client and the one that faces the upstream. */
interface Role {
  /** Where the peer is. */
  Reset.Source peer();

  /** True for the number of a stream that was opened once, whether it is still open or not. */
  boolean wasOpened(int stream);

  /** A whole field block has come. */
  void block(int stream, boolean end);

  /** A stream's message broke a rule that concerns it alone. */
  void malformed(Stream stream, Fault fault);

  /** A stream is over that was not settled. */
  void afterForget();

  /** A stream may be over. */
  void settle(Stream stream);

  /** The peer ended a stream. */
  void reset(Stream stream, ErrorCode code);

  /** The peer will not act upon streams above {@code last}. */
  void goaway(int last);

  /** The answer to our PING has come. */
  void pong(long payload);
}
