package dev.osprey.config.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What reading a file gave.
 *
 * @param bytes its content; empty when it could not be read
 * @param failure why it could not be read; null when it could
 * @param version a short hash of the content, or of the failure
 */
record FileContent(byte[] bytes, @Nullable String failure, String version) {
  /** Bytes; more than any configuration that a person or a control plane writes. */
  static final int MAX_BYTES = 16 << 20;

  private static final int VERSION_DIGITS = 12;

  static FileContent read(Path path, FileState state) {
    String known = state.failure();
    if (known != null) {
      return failed(known);
    }
    if (state.size() > MAX_BYTES) {
      return tooLong();
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      return bytes.length > MAX_BYTES ? tooLong() : of(bytes);
    } catch (IOException e) {
      return failed("expected a readable file, found: " + e);
    }
  }

  static FileContent of(byte[] bytes) {
    return new FileContent(bytes, null, hash(bytes));
  }

  boolean failed() {
    return failure != null;
  }

  private static FileContent tooLong() {
    return failed("expected at most " + MAX_BYTES + " bytes, found more");
  }

  private static FileContent failed(String why) {
    return new FileContent(new byte[0], why, hash(why.getBytes(StandardCharsets.UTF_8)));
  }

  private static String hash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, VERSION_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
