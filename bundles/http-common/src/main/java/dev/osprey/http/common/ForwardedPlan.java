package dev.osprey.http.common;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the fields that the proxy adds have in common for all connections of a plan: everything but
 * the peer's address. Made once, immutable.
 */
public final class ForwardedPlan {
  private static final String FOR = "x-forwarded-for";
  private static final String NO_ID = "00000000-0000-4000-8000-000000000000";

  private final Forwarding options;
  private final Layout layout;
  private final byte[] before;
  private final Rest plain;
  private final Rest secure;

  /** The fields as a protocol's heads hold them. */
  public ForwardedPlan(Forwarding options, Layout layout) {
    this.options = options;
    this.layout = layout;
    this.before = Bytes.of(FOR + layout.colon());
    this.plain = rest("http");
    this.secure = rest("https");
  }

  Forwarding options() {
    return options;
  }

  Layout layout() {
    return layout;
  }

  /** What follows the address. */
  Rest rest(boolean isSecure) {
    return isSecure ? secure : plain;
  }

  /** Where the name of the first field, X-Forwarded-For, ends. */
  int forwardedForNameEnd() {
    return FOR.length();
  }

  /** Where its value, the peer's address, starts. */
  int addressStart() {
    return before.length;
  }

  /** The bytes of all fields; addresses are ASCII. */
  byte[] bytes(String peer, Rest rest) {
    byte[] all = Arrays.copyOf(before, before.length + peer.length() + rest.bytes.length);
    int at = before.length;
    for (int i = 0; i < peer.length(); i++) {
      all[at++] = (byte) peer.charAt(i);
    }
    System.arraycopy(rest.bytes, 0, all, at, rest.bytes.length);
    return all;
  }

  private Rest rest(String scheme) {
    StringBuilder all = new StringBuilder(layout.end());
    Part proto = append(all, layout.forwardedProto(), "x-forwarded-proto", scheme);
    String name = options.viaOf(layout.version());
    Part via = name.isEmpty() ? null : append(all, layout.via(), "via", name);
    Part requestId = append(all, layout.requestId(), "x-request-id", NO_ID);
    return new Rest(Bytes.of(all.toString()), proto, via, requestId);
  }

  private Part append(StringBuilder all, int tag, String name, String value) {
    int start = all.length();
    int nameEnd = start + name.length();
    int valueStart = nameEnd + layout.colon().length();
    all.append(name).append(layout.colon()).append(value).append(layout.end());
    return new Part(tag, start, nameEnd, valueStart, valueStart + value.length());
  }

  /**
   * How a protocol's heads hold fields, and the tags that its reader gives them.
   *
   * @param version the protocol's, for Via
   * @param colon what stands between a name and its value
   * @param end what stands behind a value
   * @param mask the bits of a tag that are no flags
   * @param forwardedFor tag of X-Forwarded-For
   * @param forwardedProto tag of X-Forwarded-Proto
   * @param via tag of Via
   * @param requestId tag of X-Request-Id
   */
  public record Layout(
      String version,
      String colon,
      String end,
      int mask,
      int forwardedFor,
      int forwardedProto,
      int via,
      int requestId) {
    /** Never true for the tag of fields that others have added, which is below 0. */
    boolean is(int tag, int wanted) {
      return (tag & (mask | Integer.MIN_VALUE)) == wanted;
    }
  }

  /** The bytes behind the peer's address, from the end of its field on, and what is in them. */
  @SuppressWarnings("ArrayRecordComponent") // a few fields with names; nobody compares them
  record Rest(byte[] bytes, Part forwardedProto, @Nullable Part via, Part requestId) {}

  /** The offsets of one field in the bytes of the rest. */
  record Part(int tag, int start, int nameEnd, int valueStart, int end) {}
}
