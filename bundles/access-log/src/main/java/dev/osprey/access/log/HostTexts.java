package dev.osprey.access.log;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Hosts as text, of which the latest are kept: most lines name the same few. All strands share
 * them; a race between two of them costs a second wording, no more.
 */
final class HostTexts {
  private static final int SLOTS = 64;
  private static final int GROUPS = 8;

  private record Text(InetAddress host, byte[] bytes) {}

  // Read and written without order: each is immutable, so a stale one is only slower.
  private final @Nullable Text[] texts = new Text[SLOTS];

  /** {@code 10.0.0.1} or {@code ::1} (RFC 5952); not to be changed. */
  byte[] of(InetAddress host) {
    int hash = host.hashCode();
    int slot = (hash ^ hash >>> 8 ^ hash >>> 16) & (SLOTS - 1);
    Text text = texts[slot];
    if (text == null || !text.host.equals(host)) {
      texts[slot] = text = new Text(host, word(host.getAddress()));
    }
    return text.bytes;
  }

  private static byte[] word(byte[] address) {
    StringBuilder text = new StringBuilder();
    if (address.length == 4) {
      appendV4(address, text);
    } else {
      appendV6(address, text);
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static void appendV4(byte[] bytes, StringBuilder text) {
    for (int i = 0; i < bytes.length; i++) {
      text.append(i > 0 ? "." : "").append(bytes[i] & 0xff);
    }
  }

  /** The longest run of at least two zero groups becomes two colons. */
  private static void appendV6(byte[] bytes, StringBuilder text) {
    int gap = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int zeros = zeros(bytes, i);
      if (zeros > gapLength) {
        gap = i;
        gapLength = zeros;
      }
    }
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        text.append("::");
        i += gapLength - 1;
        continue;
      }
      if (i > 0 && i != gap + gapLength) {
        text.append(':');
      }
      text.append(Integer.toHexString(group(bytes, i)));
    }
  }

  private static int zeros(byte[] bytes, int from) {
    int i = from;
    while (i < GROUPS && group(bytes, i) == 0) {
      i++;
    }
    return i - from;
  }

  private static int group(byte[] bytes, int i) {
    return (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
  }
}
