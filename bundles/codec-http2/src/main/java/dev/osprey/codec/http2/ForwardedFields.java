package dev.osprey.codec.http2;

import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.StringJoiner;

/**
 * The fields that the proxy adds to each request of a connection, made once as ready bytes: they
 * are copied behind the head's bytes and entered into its table like those that were read.
 */
final class ForwardedFields {
  private static final FieldName FORWARDED_FOR = FieldName.of("x-forwarded-for");
  private static final byte[] HEX = Bytes.of("0123456789abcdef");
  private static final String NO_ID = "00000000-0000-4000-8000-000000000000";

  private final Forwarding options;
  private final String peer;
  private final byte[] bytes;
  private final Part forwardedFor;
  private final Part forwardedProto;
  private final Part via;
  private final Part requestId;
  private final SplittableRandom random = new SplittableRandom();

  ForwardedFields(Forwarding options, CodecHost host) {
    this.options = options;
    this.peer = addressOf(host);
    StringBuilder all = new StringBuilder();
    forwardedFor = Part.append(all, Names.FORWARDED_FOR, "x-forwarded-for", peer);
    forwardedProto =
        Part.append(
            all, Names.FORWARDED_PROTO, "x-forwarded-proto", host.isSecure() ? "https" : "http");
    via = Part.append(all, Names.VIA, "via", ResponseExtras.via(options));
    requestId = Part.append(all, Names.REQUEST_ID, "x-request-id", NO_ID);
    bytes = Bytes.of(all.toString());
  }

  /** How much room they need behind a head. */
  int length() {
    return bytes.length;
  }

  /** Adds them to fields that were copied with room for them at {@code at}. */
  void addTo(Fields fields, int at, FieldBlock block) {
    System.arraycopy(bytes, 0, fields.bytes(), at, bytes.length);
    addForwardedFor(fields, at, block);
    addForwardedProto(fields, at, block);
    if (!options.via().isEmpty()) {
      via.enter(fields, at);
    }
    addRequestId(fields, at, block);
  }

  /** A key for the handshake of a WebSocket (RFC 6455 section 4.1): sixteen random bytes. */
  String websocketKey() {
    byte[] key = new byte[16];
    random.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** The value of a request's id; empty when it has none. */
  static byte[] requestIdOf(Fields fields) {
    int at = find(fields, Names.REQUEST_ID);
    return at < 0 ? new byte[0] : Bytes.of(fields.value(at));
  }

  private void addForwardedFor(Fields fields, int at, FieldBlock block) {
    if (!options.useRemoteAddress() || options.skipAppend() || peer.isEmpty()) {
      return;
    }
    if (!block.saw(Names.FORWARDED_FOR)) {
      forwardedFor.enter(fields, at);
      return;
    }
    StringJoiner joined = new StringJoiner(", ");
    for (int i = 0; i < fields.size(); i++) {
      if ((fields.tag(i) & Names.TAG) == Names.FORWARDED_FOR) {
        joined.add(fields.value(i));
      }
    }
    int first = find(fields, Names.FORWARDED_FOR);
    fields.set(FORWARDED_FOR, joined.add(peer).toString());
    fields.tag(first, Names.FORWARDED_FOR);
  }

  private void addForwardedProto(Fields fields, int at, FieldBlock block) {
    if (block.saw(Names.FORWARDED_PROTO)) {
      if (!options.useRemoteAddress() || options.trustedHops() > 0) {
        return;
      }
      removeAll(fields, Names.FORWARDED_PROTO);
    }
    forwardedProto.enter(fields, at);
  }

  private void addRequestId(Fields fields, int at, FieldBlock block) {
    if (!options.generateRequestId()) {
      return;
    }
    if (block.saw(Names.REQUEST_ID)) {
      if (options.preserveRequestId() || !options.useRemoteAddress()) {
        return;
      }
      removeAll(fields, Names.REQUEST_ID);
    }
    writeId(fields.bytes(), at + requestId.valueStart);
    requestId.enter(fields, at);
  }

  /** A random UUID of version 4 as text. */
  private void writeId(byte[] to, int start) {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
    int at = start;
    for (int i = 0; i < 32; i++) {
      if (i == 8 || i == 12 || i == 16 || i == 20) {
        at++;
      }
      long half = i < 16 ? high : low;
      to[at++] = HEX[(int) (half >>> (60 - (i & 15) * 4)) & 15];
    }
  }

  private static int find(Fields fields, int tag) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.tag(i) >= 0 && (fields.tag(i) & Names.TAG) == tag) {
        return i;
      }
    }
    return -1;
  }

  private static void removeAll(Fields fields, int tag) {
    for (int i = find(fields, tag); i >= 0; i = find(fields, tag)) {
      fields.removeAt(i);
    }
  }

  private static String addressOf(CodecHost host) {
    return host.peer() instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "";
  }

  /** The offsets of one field in the bytes of all. */
  private record Part(int tag, int start, int valueStart, int end) {
    static Part append(StringBuilder all, int tag, String name, String value) {
      int start = all.length();
      all.append(name).append(value);
      return new Part(tag, start, start + name.length(), all.length());
    }

    void enter(Fields fields, int at) {
      fields.scanned(at + start, at + valueStart, at + valueStart, at + end, tag);
    }
  }
}
