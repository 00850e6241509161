package dev.osprey.codec.http1;

import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.StringJoiner;

/**
 * The fields that the proxy adds to each request of a connection, made once as ready lines: they
 * are copied behind the head's bytes and entered into its table like scanned ones.
 */
final class ForwardedLines {
  private static final FieldName FORWARDED_FOR = FieldName.of("x-forwarded-for");
  private static final byte[] HEX = Bytes.of("0123456789abcdef");
  private static final String NO_ID = "00000000-0000-4000-8000-000000000000";

  private final Forwarding options;
  private final String peer;
  private final byte[] lines;
  private final Line forwardedFor;
  private final Line forwardedProto;
  private final Line via;
  private final Line requestId;
  private final SplittableRandom random;

  ForwardedLines(Forwarding options, CodecHost host) {
    this.options = options;
    this.peer = addressOf(host);
    this.random = new SplittableRandom();
    StringBuilder all = new StringBuilder();
    forwardedFor = Line.append(all, "x-forwarded-for: " + peer + "\r\n");
    forwardedProto =
        Line.append(all, "x-forwarded-proto: " + (host.isSecure() ? "https" : "http") + "\r\n");
    via = Line.append(all, Via.line(options.via()));
    requestId = Line.append(all, "x-request-id: " + NO_ID + "\r\n");
    lines = Bytes.of(all.toString());
  }

  /** How much room the lines need behind a head. */
  int length() {
    return lines.length;
  }

  /** Adds the lines to fields that were scanned with room for them at {@code at}. */
  void addTo(Fields fields, int at, HeadFacts facts) {
    System.arraycopy(lines, 0, fields.bytes(), at, lines.length);
    addForwardedFor(fields, at, facts);
    addForwardedProto(fields, at, facts);
    if (via.end > via.start) {
      via.enter(fields, at);
    }
    addRequestId(fields, at, facts);
  }

  /** The line that repeats a request's id in its response; empty when it has none. */
  static byte[] requestIdLine(Fields fields) {
    for (int i = 0; i < fields.size(); i++) {
      if (Tags.of(fields.bytes(), fields.nameStart(i), fields.nameEnd(i)) == Tags.REQUEST_ID) {
        return Bytes.of("x-request-id: " + fields.value(i) + "\r\n");
      }
    }
    return new byte[0];
  }

  private void addForwardedFor(Fields fields, int at, HeadFacts facts) {
    if (!options.useRemoteAddress() || options.skipAppend() || peer.isEmpty()) {
      return;
    }
    if (!facts.saw(Tags.FORWARDED_FOR) || find(fields, Tags.FORWARDED_FOR) < 0) {
      forwardedFor.enter(fields, at);
      return;
    }
    StringJoiner joined = new StringJoiner(", ");
    for (int i = 0; i < fields.size(); i++) {
      if (fields.tag(i) == Tags.FORWARDED_FOR) {
        joined.add(fields.value(i));
      }
    }
    int first = find(fields, Tags.FORWARDED_FOR);
    fields.set(FORWARDED_FOR, joined.add(peer).toString());
    fields.tag(first, Tags.PLAIN);
  }

  private void addForwardedProto(Fields fields, int at, HeadFacts facts) {
    if (facts.saw(Tags.FORWARDED_PROTO)) {
      if (!options.useRemoteAddress() || options.trustedHops() > 0) {
        return;
      }
      removeAll(fields, Tags.FORWARDED_PROTO);
    }
    forwardedProto.enter(fields, at);
  }

  private void addRequestId(Fields fields, int at, HeadFacts facts) {
    if (!options.generateRequestId()) {
      return;
    }
    if (facts.saw(Tags.REQUEST_ID)) {
      if (options.preserveRequestId() || !options.useRemoteAddress()) {
        return;
      }
      removeAll(fields, Tags.REQUEST_ID);
    }
    writeId(fields.bytes(), at + requestId.valueStart);
    requestId.enter(fields, at);
  }

  /** A random UUID of version 4 as text. */
  private void writeId(byte[] bytes, int start) {
    long high = (random.nextLong() & ~0xf000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
    int at = start;
    for (int i = 0; i < 32; i++) {
      if (i == 8 || i == 12 || i == 16 || i == 20) {
        at++;
      }
      long half = i < 16 ? high : low;
      bytes[at++] = HEX[(int) (half >>> (60 - (i & 15) * 4)) & 15];
    }
  }

  private static int find(Fields fields, int tag) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.tag(i) == tag) {
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

  /** The offsets of one line in the bytes of all. */
  private record Line(int start, int nameEnd, int valueStart, int end) {
    static Line append(StringBuilder all, String line) {
      int start = all.length();
      int colon = Math.max(0, line.indexOf(':'));
      all.append(line);
      return new Line(start, start + colon, start + colon + 2, Math.max(start, all.length() - 2));
    }

    void enter(Fields fields, int at) {
      fields.scanned(at + start, at + nameEnd, at + valueStart, at + end, Tags.PLAIN);
    }
  }
}
