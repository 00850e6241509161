package dev.osprey.router;

import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;

/** The field {@code grpc-timeout}: one to eight digits and a unit (gRPC over HTTP2, "Requests"). */
final class GrpcTimeout {
  /** No such field, or one that is not what gRPC says. */
  static final long NONE = -1;

  private static final FieldName NAME = FieldName.of("grpc-timeout");
  private static final int MOST_DIGITS = 8;
  // Eight digits of hours are more nanoseconds than a long holds: as good as for ever.
  private static final long MOST = 1L << 62;

  private GrpcTimeout() {}

  /** In nanoseconds, above zero, or {@link #NONE}. Makes no objects. */
  static long nanos(Fields fields) {
    int at = fields.find(NAME, 0);
    if (at < 0) {
      return NONE;
    }
    byte[] bytes = fields.bytes();
    int start = fields.valueStart(at);
    int unit = fields.valueEnd(at) - 1;
    if (unit - start < 1 || unit - start > MOST_DIGITS) {
      return NONE;
    }
    long number = 0;
    for (int i = start; i < unit; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return NONE;
      }
      number = number * 10 + bytes[i] - '0';
    }
    long one = nanosOf(bytes[unit]);
    if (number == 0 || one == 0) {
      return NONE;
    }
    return number > MOST / one ? MOST : number * one;
  }

  private static long nanosOf(byte unit) {
    return switch (unit) {
      case 'H' -> 3_600_000_000_000L;
      case 'M' -> 60_000_000_000L;
      case 'S' -> 1_000_000_000L;
      case 'm' -> 1_000_000L;
      case 'u' -> 1_000L;
      case 'n' -> 1L;
      default -> 0L;
    };
  }
}
