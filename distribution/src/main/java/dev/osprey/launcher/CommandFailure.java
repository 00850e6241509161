package dev.osprey.launcher;

/** A command can't go on; the message is all that its user needs to read. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message, null, false, false);
  }
}
