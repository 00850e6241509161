package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Translates between the handshake of RFC 6455, in whose words the host speaks, and extended
 * CONNECT (RFC 8441), on the way to an upstream.
 */
final class WebSockets {
  /** What an extended CONNECT for a WebSocket names. */
  static final byte[] PROTOCOL = Bytes.of("websocket");

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int SWITCHING_PROTOCOLS = 101;

  private WebSockets() {}

  /**
   * A key for the handshake (RFC 6455 section 4.1): sixteen random bytes, which need be no secret.
   */
  static String key() {
    byte[] key = new byte[16];
    new SplittableRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** True for a GET that asks to switch to it, alone or among others. */
  static boolean isAskedFor(RequestHead head) {
    String wanted = head.upgrade();
    if (wanted == null || !head.method().equals("GET")) {
      return false;
    }
    for (String item : wanted.split(",", -1)) {
      if (item.strip().equalsIgnoreCase("websocket")) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the answer must say for the key of the request (RFC 6455 section 4.2.2), since an upstream
   * of HTTP/2 is told no key; null without one.
   */
  static byte @Nullable [] proof(RequestHead head) {
    String key = head.fields().first(HeadReader.KEY);
    if (key == null) {
      return null;
    }
    try {
      byte[] text = (key.strip() + GUID).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encode(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      // Every Java platform has it.
      throw new IllegalStateException(impossible);
    }
  }

  /** Makes a success the answer that switches protocols. */
  static void asSwitch(ResponseHead head, byte @Nullable [] proof) {
    head.status(SWITCHING_PROTOCOLS);
    head.opensTunnel(true);
    head.bodyLength(ResponseHead.UNKNOWN_LENGTH);
    head.fields().add("upgrade", "websocket");
    if (proof != null) {
      head.fields().add("sec-websocket-accept", new String(proof, StandardCharsets.ISO_8859_1));
    }
  }
}
