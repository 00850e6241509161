package dev.osprey.codec.http1;

/** The Via field (RFC 9110 section 7.6.3). */
final class Via {
  private Via() {}

  /** A line that adds {@code name} to Via; a name without a space gets the protocol's version. */
  static String line(String name) {
    if (name.isEmpty()) {
      return "";
    }
    return "via: " + (name.indexOf(' ') < 0 ? "1.1 " + name : name) + "\r\n";
  }
}
