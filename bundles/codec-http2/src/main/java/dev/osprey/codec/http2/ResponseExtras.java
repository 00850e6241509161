package dev.osprey.codec.http2;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Forwarding;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What every final response gets, made once for a plan: the field of the upstream that gives way,
 * and constant fields, ready as they leave, that take its place.
 */
final class ResponseExtras {
  private static final FieldName SERVER = FieldName.of("server");
  private static final byte[] REQUEST_ID = Bytes.of("x-request-id");
  private static final byte[] NONE = {};

  private final boolean[] drops;
  private final boolean[] tunnelDrops;
  private final byte[] always;
  private final byte[] serverIfAbsent;

  ResponseExtras(Forwarding forwarding, String version) {
    boolean overwrites = forwarding.overwritesServer();
    boolean adds = forwarding.addsServer();
    this.drops = Names.set();
    drops[Names.SERVER] = overwrites;
    drops[Names.CODEC] = forwarding.versionHeader();
    drops[Names.REQUEST_ID] = forwarding.requestIdInResponse();
    this.tunnelDrops = drops.clone();
    tunnelDrops[Names.WEBSOCKET_ACCEPT] = true;
    byte[] server =
        overwrites || adds ? field(Names.SERVER, "server", forwarding.serverName()) : NONE;
    this.serverIfAbsent = adds ? server : NONE;
    byte[] codec =
        forwarding.versionHeader()
            ? field(Names.CODEC, "x-osprey-codec", "http2/" + version)
            : NONE;
    String name = forwarding.viaOf(Names.FORWARDED.version());
    byte[] via = name.isEmpty() ? NONE : field(Names.VIA, "via", name);
    ByteBuf all = Unpooled.wrappedBuffer(overwrites ? server : NONE, via, codec);
    this.always = ByteBufUtil.getBytes(all);
  }

  private static byte[] field(int tag, String name, String value) {
    byte[] bytes = Bytes.of(name + value);
    ByteBuf out = Unpooled.buffer();
    HpackWriter.field(out, bytes, tag, 0, name.length(), name.length(), bytes.length);
    return ByteBufUtil.getBytes(out);
  }

  /** The tags of the fields that are not forwarded. */
  boolean[] drops() {
    return drops;
  }

  /** The same for an answer that opens a tunnel, where HTTP/2 has no handshake (RFC 8441). */
  boolean[] tunnelDrops() {
    return tunnelDrops;
  }

  /** Appends the fields of the proxy. */
  void write(ByteBuf out, Fields forwarded, byte @Nullable [] requestId) {
    out.writeBytes(always);
    if (serverIfAbsent.length > 0 && !forwarded.contains(SERVER)) {
      out.writeBytes(serverIfAbsent);
    }
    if (requestId != null) {
      HpackWriter.newName(out, REQUEST_ID, REQUEST_ID.length);
      HpackWriter.string(out, requestId, 0, requestId.length);
    }
  }
}
