package dev.osprey.http.common;

import dev.osprey.http.common.ForwardedPlan.Part;
import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * The fields that the proxy adds to each request of a connection, made once as ready bytes: they
 * are copied behind the head's bytes and entered into its table like those that were read. One for
 * each connection, on its strand.
 */
public final class ForwardedFields {
  private static final FieldName FORWARDED_FOR = FieldName.of("x-forwarded-for");
  private static final byte[] HEX = Bytes.of("0123456789abcdef");

  private final Forwarding options;
  private final ForwardedPlan.Layout layout;
  private final ForwardedPlan plan;
  private final ForwardedPlan.Rest rest;
  private final String peer;
  private final byte[] bytes;
  private final SplittableRandom random = new SplittableRandom();

  /** The fields for the requests of a connection. */
  public ForwardedFields(ForwardedPlan plan, CodecHost host) {
    this.plan = plan;
    this.options = plan.options();
    this.layout = plan.layout();
    this.peer = addressOf(host);
    this.rest = plan.rest(host.isSecure());
    this.bytes = plan.bytes(peer, rest);
  }

  /** How much room they need behind a head. */
  public int length() {
    return bytes.length;
  }

  /**
   * Adds them to fields that were read with room for them at {@code at}. What a head's reader did
   * not come across is not looked for.
   *
   * @param sawFor an X-Forwarded-For was read
   * @param sawProto an X-Forwarded-Proto was read
   * @param sawId an X-Request-Id was read
   */
  public void addTo(Fields fields, int at, boolean sawFor, boolean sawProto, boolean sawId) {
    System.arraycopy(bytes, 0, fields.bytes(), at, bytes.length);
    if (options.useRemoteAddress() && !options.skipAppend() && !peer.isEmpty()) {
      addForwardedFor(fields, at, sawFor);
    }
    addForwardedProto(fields, at, sawProto);
    Part via = rest.via();
    if (via != null) {
      enter(via, fields, at);
    }
    if (options.generateRequestId()) {
      addRequestId(fields, at, sawId);
    }
  }

  /** The value of a request's id, before anybody but this has touched the fields; null for none. */
  public @Nullable String requestIdOf(Fields fields) {
    int at = find(fields, layout.requestId());
    return at < 0 ? null : fields.value(at);
  }

  private void addForwardedFor(Fields fields, int at, boolean saw) {
    int first = saw ? find(fields, layout.forwardedFor()) : -1;
    if (first < 0) {
      int address = at + plan.addressStart();
      int nameEnd = at + plan.forwardedForNameEnd();
      fields.scanned(at, nameEnd, address, address + peer.length(), layout.forwardedFor());
      return;
    }
    StringJoiner joined = new StringJoiner(", ");
    int flags = 0;
    for (int i = first; i < fields.size(); i++) {
      int tag = fields.tag(i);
      if (layout.is(tag, layout.forwardedFor())) {
        joined.add(fields.value(i));
        flags |= tag & ~layout.mask();
      }
    }
    fields.set(FORWARDED_FOR, joined.add(peer).toString());
    fields.tag(first, layout.forwardedFor() | flags);
  }

  private void addForwardedProto(Fields fields, int at, boolean saw) {
    if (saw && find(fields, layout.forwardedProto()) >= 0) {
      if (!options.useRemoteAddress() || options.trustedHops() > 0) {
        return;
      }
      removeAll(fields, layout.forwardedProto());
    }
    enter(rest.forwardedProto(), fields, at);
  }

  private void addRequestId(Fields fields, int at, boolean saw) {
    if (saw && find(fields, layout.requestId()) >= 0) {
      if (options.preserveRequestId() || !options.useRemoteAddress()) {
        return;
      }
      removeAll(fields, layout.requestId());
    }
    writeId(fields.bytes(), at + shift() + rest.requestId().valueStart());
    enter(rest.requestId(), fields, at);
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

  private int find(Fields fields, int tag) {
    for (int i = 0; i < fields.size(); i++) {
      if (layout.is(fields.tag(i), tag)) {
        return i;
      }
    }
    return -1;
  }

  private void removeAll(Fields fields, int tag) {
    for (int i = find(fields, tag); i >= 0; i = find(fields, tag)) {
      fields.removeAt(i);
    }
  }

  private static String addressOf(CodecHost host) {
    return host.peer() instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "";
  }

  private void enter(Part part, Fields fields, int at) {
    int from = at + shift();
    fields.scanned(
        from + part.start(),
        from + part.nameEnd(),
        from + part.valueStart(),
        from + part.end(),
        part.tag());
  }

  /** Where what is the same for all connections begins. */
  private int shift() {
    return plan.addressStart() + peer.length();
  }
}
