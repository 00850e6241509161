package dev.osprey.http.common;

import dev.osprey.spi.config.ConfigNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the proxy says of itself in forwarded messages.
 *
 * @param useRemoteAddress the peer is the client or a known hop: its address and scheme are
 *     recorded
 * @param trustedHops proxies in front of this one whose X-Forwarded-Proto is believed
 * @param skipAppend leave X-Forwarded-For alone
 * @param via the proxy's name in Via; empty for no field
 * @param generateRequestId give requests an X-Request-Id
 * @param preserveRequestId keep the one a request brings
 * @param requestIdInResponse repeat it in the response
 * @param serverName for the Server field of responses; empty to leave it alone
 * @param serverHeader what becomes of an upstream's Server field when there is a name
 * @param versionHeader tell the codec's version in responses
 */
public record Forwarding(
    boolean useRemoteAddress,
    int trustedHops,
    boolean skipAppend,
    String via,
    boolean generateRequestId,
    boolean preserveRequestId,
    boolean requestIdInResponse,
    String serverName,
    ServerHeader serverHeader,
    boolean versionHeader) {
  /** What holds when nothing is configured. */
  public static final Forwarding DEFAULTS =
      new Forwarding(true, 0, false, "", true, false, false, "", ServerHeader.OVERWRITE, false);

  private static final List<String> KEYS =
      List.of(
          "use_remote_address",
          "xff_num_trusted_hops",
          "skip_xff_append",
          "via",
          "generate_request_id",
          "preserve_external_request_id",
          "always_set_request_id_in_response",
          "server_name",
          "server_header_transformation",
          "version_header");

  /** What becomes of the Server field; the names are Envoy's. */
  public enum ServerHeader {
    /** Replace it by the own name. */
    OVERWRITE,
    /** Add the own name where there is none. */
    APPEND_IF_ABSENT,
    /** Leave it alone. */
    PASS_THROUGH
  }

  /** The keys that {@link #own} reads, and more: what a codec's own configuration may hold. */
  public static String[] keysAnd(String[]... more) {
    return Stream.concat(KEYS.stream(), Stream.of(more).flatMap(Stream::of)).toArray(String[]::new);
  }

  /** Reads a codec's own configuration; mistakes are recorded on the nodes. */
  public static Forwarding own(ConfigNode node) {
    return from(node, node.flag("version_header", false));
  }

  /** Reads Envoy's connection manager, which has no {@code version_header}. */
  public static Forwarding ofManager(ConfigNode node) {
    return from(node, false);
  }

  private static Forwarding from(ConfigNode node, boolean versionHeader) {
    return new Forwarding(
        node.flag("use_remote_address", DEFAULTS.useRemoteAddress),
        node.integer("xff_num_trusted_hops", DEFAULTS.trustedHops, 0, 100),
        node.flag("skip_xff_append", DEFAULTS.skipAppend),
        fieldValue(node, "via"),
        node.flag("generate_request_id", DEFAULTS.generateRequestId),
        node.flag("preserve_external_request_id", DEFAULTS.preserveRequestId),
        node.flag("always_set_request_id_in_response", DEFAULTS.requestIdInResponse),
        fieldValue(node, "server_name"),
        node.oneOf("server_header_transformation", ServerHeader.class, DEFAULTS.serverHeader),
        versionHeader);
  }

  private static String fieldValue(ConfigNode node, String key) {
    String text = node.string(key, "");
    byte[] bytes = Bytes.of(text);
    if (!Chars.areTrimmedValue(bytes, 0, bytes.length)) {
      node.get(key)
          .ifPresent(it -> it.problem("text without control characters or spaces at its ends"));
    }
    return text;
  }

  /**
   * The value of Via (RFC 9110 section 7.6.3): a name without a space gets the protocol's version
   * in front, any other is said as it is, as Envoy does. Empty for no field.
   */
  public String viaOf(String protocolVersion) {
    return via.isEmpty() || via.indexOf(' ') >= 0 ? via : protocolVersion + " " + via;
  }

  /** True when the own name takes the place of an upstream's in Server. */
  public boolean overwritesServer() {
    return !serverName.isEmpty() && serverHeader == ServerHeader.OVERWRITE;
  }

  /** True when the own name is said in Server where there is none. */
  public boolean addsServer() {
    return !serverName.isEmpty() && serverHeader == ServerHeader.APPEND_IF_ABSENT;
  }
}
