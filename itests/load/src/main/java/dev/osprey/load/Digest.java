package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;

/** Count, CRC-32 and SHA-256 of a body; its text form is what {@code /sink} answers. */
final class Digest {
  private final CRC32 crc = new CRC32();
  private final MessageDigest sha = sha256();
  private long count;

  void add(byte[] bytes, int from, int length) {
    count += length;
    crc.update(bytes, from, length);
    sha.update(bytes, from, length);
  }

  /** One line {@code bytes=N crc32=HEX sha256=HEX}; ends the digest. */
  byte[] line() {
    String text =
        "bytes=%d crc32=%08x sha256=%s\n"
            .formatted(count, crc.getValue(), HexFormat.of().formatHex(sha.digest()));
    return text.getBytes(ISO_8859_1);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
