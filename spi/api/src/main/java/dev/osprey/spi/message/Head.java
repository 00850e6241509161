package dev.osprey.spi.message;

/** The head of a message: a request's or a response's. */
public sealed interface Head permits RequestHead, ResponseHead {
  /** The length of a body that is not known beforehand. */
  long UNKNOWN_LENGTH = -1;

  /** The fields, without those that only frame the message on one connection. */
  Fields fields();

  /** Length of the body in bytes as announced; {@link #UNKNOWN_LENGTH} when it is not. */
  long bodyLength();
}
