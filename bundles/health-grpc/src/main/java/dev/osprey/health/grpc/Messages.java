package dev.osprey.health.grpc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The two messages of gRPC's health protocol, small enough to be written and read by hand:
 * HealthCheckRequest has a string as field 1, HealthCheckResponse an enum as field 1.
 */
final class Messages {
  static final int SERVING = 1;

  private static final int BROKEN = -1;
  private static final int PREFIX = 5;
  private static final int STRING_1 = 0x0a;
  private static final int VARINT_1 = 0x08;
  private static final int MORE = 0x80;

  private Messages() {}

  /** A request with gRPC's five bytes before it. */
  static byte[] request(String service) {
    byte[] name = service.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    if (name.length > 0) {
      message.write(STRING_1);
      int rest = name.length;
      for (; rest >= MORE; rest >>>= 7) {
        message.write((rest & 0x7f) | MORE);
      }
      message.write(rest);
      message.writeBytes(name);
    }
    int length = message.size();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(
        new byte[] {
          0, (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        });
    all.writeBytes(message.toByteArray());
    return all.toByteArray();
  }

  /** The status of an answer; below zero when it is none. An absent field is 0, UNKNOWN. */
  static int status(byte[] body) {
    if (body.length < PREFIX || body[0] != 0 || length(body) != body.length - PREFIX) {
      return BROKEN;
    }
    if (body.length == PREFIX) {
      return 0;
    }
    // Nothing but the one field is in version 1; its values need one byte.
    boolean fits = body.length == PREFIX + 2 && body[PREFIX] == VARINT_1 && body[PREFIX + 1] >= 0;
    return fits ? body[PREFIX + 1] : BROKEN;
  }

  private static int length(byte[] body) {
    return ((body[1] & 0xff) << 24)
        | ((body[2] & 0xff) << 16)
        | ((body[3] & 0xff) << 8)
        | (body[4] & 0xff);
  }

  static String nameOf(int status) {
    return switch (status) {
      case BROKEN -> "an answer that is no HealthCheckResponse";
      case 0 -> "UNKNOWN";
      case SERVING -> "SERVING";
      case 2 -> "NOT_SERVING";
      case 3 -> "SERVICE_UNKNOWN";
      default -> "status " + status + " of health";
    };
  }
}
