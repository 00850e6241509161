package dev.osprey.it.harness;

import java.nio.file.Path;

/** A build of the HTTP/1 codec with a hole: it takes spaces for a part of a field's name. */
public final class LaxCodec {
  private static final String STRICT = "Chars.isToken(a[nameEnd])";
  private static final String LAX = "(Chars.isToken(a[nameEnd]) || a[nameEnd] == ' ')";

  private LaxCodec() {}

  /** Compiles the codec's own sources with the hole in them. */
  public static Path build(String version) {
    return Rebuilt.build("codec-http1", version, STRICT, LAX);
  }
}
