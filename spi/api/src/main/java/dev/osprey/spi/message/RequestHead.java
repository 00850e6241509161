package dev.osprey.spi.message;

import org.jspecify.annotations.Nullable;

/**
 * The head of a request. Method, path and authority are offsets over the same bytes as the fields;
 * strings are made when asked for and kept until the codec reuses the head.
 *
 * <p>Protocols without these notions fill them by their nearest: an RPC codec puts its service into
 * the authority and {@code /service/method} into the path.
 */
public final class RequestHead implements Head {
  private final Fields fields;
  private int methodStart;
  private int methodEnd;
  private int pathStart;
  private int pathEnd;
  private int authorityStart;
  private int authorityEnd;
  private long bodyLength;
  private String protocol = "";
  private String scheme = "http";
  private @Nullable String upgrade;
  private @Nullable String methodText;
  private @Nullable String pathText;
  private @Nullable String authorityText;

  /** An empty head over its own fields. */
  public RequestHead() {
    this(new Fields());
  }

  /** An empty head over {@code fields}. */
  public RequestHead(Fields fields) {
    this.fields = fields;
  }

  /** Forgets everything, the fields included; for the codec that reuses a head. */
  public void clear() {
    fields.clear();
    methodStart = methodEnd = pathStart = pathEnd = authorityStart = authorityEnd = 0;
    bodyLength = 0;
    protocol = "";
    scheme = "http";
    upgrade = methodText = pathText = authorityText = null;
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

  /** The method, for example {@code GET}; case matters. */
  public String method() {
    String text = methodText;
    if (text == null) {
      methodText = text = fields.text(methodStart, methodEnd);
    }
    return text;
  }

  /** Sets the method to scanned offsets. */
  public void method(int start, int end) {
    methodStart = start;
    methodEnd = end;
    methodText = null;
  }

  /** Sets the method. */
  public void method(String text) {
    methodStart = fields.append(text);
    methodEnd = methodStart + text.length();
    methodText = text;
  }

  /** Path and query as sent, for example {@code /a?b=c}; {@code *} for a server-wide request. */
  public String path() {
    String text = pathText;
    if (text == null) {
      pathText = text = fields.text(pathStart, pathEnd);
    }
    return text;
  }

  /** Sets the path to scanned offsets. */
  public void path(int start, int end) {
    pathStart = start;
    pathEnd = end;
    pathText = null;
  }

  /** Sets the path. */
  public void path(String text) {
    pathStart = fields.append(text);
    pathEnd = pathStart + text.length();
    pathText = text;
  }

  /** Host and optional port the request is for; empty when it names none. */
  public String authority() {
    String text = authorityText;
    if (text == null) {
      authorityText = text = fields.text(authorityStart, authorityEnd);
    }
    return text;
  }

  /** Sets the authority to scanned offsets. */
  public void authority(int start, int end) {
    authorityStart = start;
    authorityEnd = end;
    authorityText = null;
  }

  /** Sets the authority. */
  public void authority(String text) {
    authorityStart = fields.append(text);
    authorityEnd = authorityStart + text.length();
    authorityText = text;
  }

  /** {@code http} or {@code https}, as the caller's side saw it. */
  public String scheme() {
    return scheme;
  }

  /** Sets the scheme; pass a constant. */
  public void scheme(String constant) {
    scheme = constant;
  }

  /** The protocol as people write it, for example {@code HTTP/1.1}. */
  public String protocol() {
    return protocol;
  }

  /** Sets the protocol; pass a constant. */
  public void protocol(String constant) {
    protocol = constant;
  }

  /** The protocol the caller asks to switch to (RFC 9110 7.8), or null. */
  public @Nullable String upgrade() {
    return upgrade;
  }

  /** Sets what the caller asks to switch to. */
  public void upgrade(@Nullable String wanted) {
    upgrade = wanted;
  }

  /** Offset of the method in the bytes of the fields. */
  public int methodStart() {
    return methodStart;
  }

  /** Offset after the method. */
  public int methodEnd() {
    return methodEnd;
  }

  /** Offset of the path in the bytes of the fields. */
  public int pathStart() {
    return pathStart;
  }

  /** Offset after the path. */
  public int pathEnd() {
    return pathEnd;
  }

  /** Offset of the authority in the bytes of the fields. */
  public int authorityStart() {
    return authorityStart;
  }

  /** Offset after the authority. */
  public int authorityEnd() {
    return authorityEnd;
  }

  @Override
  public String toString() {
    return method() + " " + authority() + " " + path() + "\n" + fields;
  }
}
