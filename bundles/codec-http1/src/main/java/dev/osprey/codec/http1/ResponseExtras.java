package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Forwarding;
import io.netty.buffer.ByteBuf;

/**
 * What every final response gets, made once for a plan: fields of the upstream that give way, and
 * constant lines that take their place.
 */
final class ResponseExtras {
  private final int drop;
  private final byte[] always;
  private final byte[] serverIfAbsent;

  ResponseExtras(Forwarding forwarding, String version) {
    boolean overwrites = forwarding.overwritesServer();
    this.drop =
        (overwrites ? 1 << Tags.SERVER : 0)
            | (forwarding.versionHeader() ? 1 << Tags.CODEC : 0)
            | (forwarding.requestIdInResponse() ? 1 << Tags.REQUEST_ID : 0);
    String via = forwarding.viaOf(Tags.FORWARDED.version());
    String server = "server: " + forwarding.serverName() + "\r\n";
    this.serverIfAbsent = forwarding.addsServer() ? Bytes.of(server) : new byte[0];
    this.always =
        Bytes.of(
            (overwrites ? server : "")
                + (via.isEmpty() ? "" : "via: " + via + "\r\n")
                + (forwarding.versionHeader() ? "x-osprey-codec: http1/" + version + "\r\n" : ""));
  }

  /** The tags of fields that are not forwarded, as a set of bits. */
  int drop() {
    return drop;
  }

  /** The tags of fields that are forwarded only with this status, as a set of bits. */
  int keepOf(int status) {
    return status == 101 || status == 426 ? 1 << Tags.UPGRADE : 0;
  }

  /** Appends the lines; {@code written} is the set of tags that were forwarded. */
  void write(ByteBuf out, int written) {
    if (always.length > 0) {
      out.writeBytes(always);
    }
    if (serverIfAbsent.length > 0 && (written & (1 << Tags.SERVER)) == 0) {
      out.writeBytes(serverIfAbsent);
    }
  }
}
