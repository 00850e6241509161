package dev.osprey.spi.message;

/**
 * The head of a response, final or interim. Protocols without HTTP's status numbers map theirs to
 * the nearest and carry the original in a field of their own.
 */
public final class ResponseHead implements Head {
  private final Fields fields;
  private int status;
  private int reasonStart;
  private int reasonEnd;
  private long bodyLength = UNKNOWN_LENGTH;
  private String protocol = "";
  private boolean tunnel;

  /** An empty head over its own fields. */
  public ResponseHead() {
    this(new Fields());
  }

  /** An empty head over {@code fields}. */
  public ResponseHead(Fields fields) {
    this.fields = fields;
  }

  /** Forgets everything, the fields included; for the codec that reuses a head. */
  public void clear() {
    fields.clear();
    status = reasonStart = reasonEnd = 0;
    bodyLength = UNKNOWN_LENGTH;
    protocol = "";
    tunnel = false;
  }

  @Override
  public Fields fields() {
    return fields;
  }

  @Override
  public long bodyLength() {
    return bodyLength;
  }

  /** Announces the body's length in bytes: 0, more, or {@link Head#UNKNOWN_LENGTH}. */
  public void bodyLength(long length) {
    bodyLength = length;
  }

  /** The status, 100 to 999. */
  public int status() {
    return status;
  }

  /** Sets the status. */
  public void status(int code) {
    status = code;
  }

  /** True for a head that precedes the final one (RFC 9110 15.2); 101 is not one of them. */
  public boolean isInterim() {
    return status >= 100 && status < 200 && !tunnel;
  }

  /** True when the connection becomes a tunnel after this head. */
  public boolean opensTunnel() {
    return tunnel;
  }

  /** Says that the connection becomes a tunnel after this head. */
  public void opensTunnel(boolean opens) {
    tunnel = opens;
  }

  /** The reason phrase; empty when there is none. */
  public String reason() {
    return fields.text(reasonStart, reasonEnd);
  }

  /** Sets the reason phrase to scanned offsets. */
  public void reason(int start, int end) {
    reasonStart = start;
    reasonEnd = end;
  }

  /** Offset of the reason phrase in the bytes of the fields. */
  public int reasonStart() {
    return reasonStart;
  }

  /** Offset after the reason phrase. */
  public int reasonEnd() {
    return reasonEnd;
  }

  /** The protocol as people write it, for example {@code HTTP/1.1}. */
  public String protocol() {
    return protocol;
  }

  /** Sets the protocol; pass a constant. */
  public void protocol(String constant) {
    protocol = constant;
  }

  @Override
  public String toString() {
    return status + " " + reason() + "\n" + fields;
  }
}
