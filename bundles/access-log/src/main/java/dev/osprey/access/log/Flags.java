package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Envoy's response flags, from the reason of a local reply or a reset. */
final class Flags implements Operator {
  @Override
  public boolean append(AccessRecord record, ByteBuf line, Escape escape) {
    LocalReply.Kind kind = record.localReply();
    Reset reset = record.reset();
    String reply = kind == null ? null : of(kind);
    String ended = reset == null ? null : of(reset, record.request() == null);
    if (reply == null) {
      return append(ended, line);
    }
    append(reply, line);
    // After a reply of ours only what the caller did is news.
    if (ended != null && reset != null && reset.source() == Reset.Source.DOWNSTREAM) {
      line.writeByte(',');
      append(ended, line);
    }
    return true;
  }

  private static boolean append(@Nullable String flag, ByteBuf line) {
    if (flag == null) {
      return false;
    }
    Escape.TEXT.append(flag, line);
    return true;
  }

  static @Nullable String of(LocalReply.Kind kind) {
    return switch (kind) {
      case DIRECT -> null;
      case BAD_REQUEST -> "DPE";
      case NO_ROUTE -> "NR";
      case NO_UPSTREAM -> "UH";
      case CONNECT_FAILURE -> "UF";
      case UPSTREAM_RESET -> "UC";
      case UPSTREAM_CANCELLED -> "UR";
      case UPSTREAM_PROTOCOL_ERROR -> "UPE";
      case UPSTREAM_TIMEOUT -> "UT";
      case REQUEST_TIMEOUT -> "DT";
      case OVERFLOW -> "UO";
      case EXTENSION_FAILURE, UNAVAILABLE -> "LR";
    };
  }

  static @Nullable String of(Reset reset, boolean isConnection) {
    return switch (reset.source()) {
      case DOWNSTREAM -> ofDownstream(reset.reason(), isConnection);
      case UPSTREAM -> ofUpstream(reset.reason());
      case HOST -> ofHost(reset.reason());
    };
  }

  /** The orderly end of a plain connection has no flag, as in Envoy. */
  private static @Nullable String ofDownstream(Reset.Reason reason, boolean isConnection) {
    if (reason == Reset.Reason.PROTOCOL_ERROR) {
      return "DPE";
    }
    return isConnection && reason == Reset.Reason.CANCELLED ? null : "DC";
  }

  private static String ofUpstream(Reset.Reason reason) {
    return switch (reason) {
      case CONNECT_FAILURE -> "UF";
      case CONNECTION_LOST, TRUNCATED -> "UC";
      case PROTOCOL_ERROR -> "UPE";
      case TIMEOUT -> "UT";
      case OVERFLOW -> "UO";
      case CANCELLED, REFUSED, DRAINING -> "UR";
      case EXTENSION_FAILURE -> "LR";
    };
  }

  private static String ofHost(Reset.Reason reason) {
    return switch (reason) {
      case TIMEOUT -> "SI";
      case OVERFLOW -> "UO";
      case CONNECT_FAILURE -> "UF";
      case CANCELLED,
          PROTOCOL_ERROR,
          TRUNCATED,
          CONNECTION_LOST,
          REFUSED,
          EXTENSION_FAILURE,
          DRAINING ->
          "LR";
    };
  }
}
