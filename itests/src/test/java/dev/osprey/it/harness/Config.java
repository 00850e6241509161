package dev.osprey.it.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A configuration in the making. Parts are kept in order; {@link #toString} is the document.
 *
 * <p>Not for use by several threads at once.
 */
public final class Config {
  /** The I/O model of every listener that does not name one. */
  public static final String IO_MODEL = System.getProperty("osprey.it.io-model", "reactor");

  private final List<String> listeners = new ArrayList<>();
  private final List<String> clusters = new ArrayList<>();

  private Config() {}

  /** One HTTP/1 listener in front of one cluster {@code app}. */
  public static Config http(int port, int... upstreams) {
    return empty().withHttp("http", port, "app").withCluster("app", upstreams);
  }

  /** One TCP listener in front of one cluster {@code app}. */
  public static Config tcp(int port, int... upstreams) {
    return empty().withTcp("tcp", port, "app").withCluster("app", upstreams);
  }

  /** Nothing yet. */
  public static Config empty() {
    return new Config();
  }

  /** An HTTP/1 listener whose answers name the codec's version. */
  public Config withHttp(String name, int port, String cluster) {
    return withHttp(name, port, cluster, Codec.HTTP1, "");
  }

  /**
   * A listener with a stream terminal.
   *
   * @param extra lines of the terminal's configuration, not indented
   */
  public Config withHttp(String name, int port, String cluster, Codec codec, String extra) {
    return withCodecs(name, port, cluster, List.of(codec), extra);
  }

  /** As {@link #withHttp}, for connections of several codecs that are told by their first bytes. */
  public Config withCodecs(
      String name, int port, String cluster, List<Codec> codecs, String extra) {
    String lines = codecs.stream().map(Codec::line).collect(Collectors.joining(", "));
    listeners.add(
        """
        - name: %s
          address: { socket_address: { address: 127.0.0.1, port_value: %d } }
          filter_chains:
            - filters:
                - name: stream
                  typed_config:
                    "@type": type.googleapis.com/dev.osprey.network.stream.Config
                    stat_prefix: %s
                    codecs: [ %s ]
        %s            route_config:
                      name: %s
                      virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                            - match: { prefix: / }
                              route: { cluster: %s, timeout: 0s }
        """
            .formatted(name, port, name, lines, extra.indent(12), name, cluster));
    return this;
  }

  /**
   * A listener with Envoy's connection manager.
   *
   * @param extra lines of its configuration, not indented
   * @param routes of one virtual host for everything, in flow style
   */
  public Config withManager(String name, int port, String extra, String... routes) {
    String lines = Stream.of(routes).map("- { %s }\n"::formatted).collect(Collectors.joining());
    listeners.add(
        """
        - name: %s
          address: { socket_address: { address: 127.0.0.1, port_value: %d } }
          filter_chains:
            - filters:
                - name: http
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: %s
        %s            route_config:
                      name: routes
                      virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
        %s            http_filters:
                      - name: router
                        typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
        """
            .formatted(name, port, name, extra.indent(12), lines.indent(20)));
    return this;
  }

  /** A TCP listener. */
  public Config withTcp(String name, int port, String cluster) {
    return withTcp(name, port, cluster, "");
  }

  /** A TCP listener with further keys, not indented. */
  public Config withTcp(String name, int port, String cluster, String extra) {
    listeners.add(
        """
        - name: %s
          address: { socket_address: { address: 127.0.0.1, port_value: %d } }
          filter_chains:
            - filters:
                - name: tcp
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                    stat_prefix: %s
                    cluster: %s
        %s\
        """
            .formatted(name, port, name, cluster, extra.indent(12)));
    return this;
  }

  /** A listener as it stands in a document. */
  public Config withListener(String yaml) {
    listeners.add(yaml);
    return this;
  }

  /** A cluster with endpoints on the loopback address. */
  public Config withCluster(String name, int... ports) {
    return withCluster(name, "", ports);
  }

  /** A cluster with further keys, not indented. */
  public Config withCluster(String name, String extra, int... ports) {
    String endpoints =
        IntStream.of(ports)
            .mapToObj(
                """
                - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: %d } } }
                """
                    ::formatted)
            .collect(Collectors.joining());
    clusters.add(
        """
        - name: %s
          type: STATIC
          connect_timeout: 2s
          lb_policy: ROUND_ROBIN
        %s  load_assignment:
            cluster_name: %s
            endpoints:
              - lb_endpoints:
        %s\
        """
            .formatted(name, extra.indent(2), name, endpoints.indent(10)));
    return this;
  }

  /** A key of a cluster: the protocol of its endpoints, as Envoy names its options. */
  public static String speaking(String options) {
    return """
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: { %s: {} }
    """
        .formatted(options);
  }

  @Override
  public String toString() {
    return "static_resources:\n  listeners:\n"
        + listeners.stream().map(Config::withIoModel).collect(Collectors.joining()).indent(4)
        + "  clusters:\n"
        + String.join("", clusters).indent(4);
  }

  /** Gives the last listener an I/O model of its own. */
  public Config in(String ioModel) {
    listeners.add(withIoModel(listeners.removeLast(), ioModel));
    return this;
  }

  /** Lets the last listener have so many connections at a time. */
  public Config atMost(int connections) {
    return in(IO_MODEL + ", max_connections: " + connections);
  }

  /** Gives the last listener, one for TCP, an access log. */
  public Config logging(String accessLog) {
    listeners.add(listeners.removeLast().stripTrailing() + "\n" + accessLog.indent(2));
    return this;
  }

  /** A key of a stream terminal or a TCP listener: an access log on standard output. */
  public static String accessLog(String format) {
    return """
    access_log:
      - name: out
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog
          log_format: { text_format: "%s" }
    """
        .formatted(format);
  }

  private static String withIoModel(String listener) {
    return IO_MODEL.equals("reactor") ? listener : withIoModel(listener, IO_MODEL);
  }

  private static String withIoModel(String listener, String ioModel) {
    return listener.contains("io_model")
        ? listener
        : listener.stripTrailing()
            + "\n  metadata: { filter_metadata: { dev.osprey: { io_model: %s } } }\n"
                .formatted(ioModel);
  }

  /** A codec and its configuration. */
  public record Codec(String name, String type, String keys) {
    /** The HTTP/1 codec that names its version in answers. */
    public static final Codec HTTP1 = http1("version_header: true");

    /** The HTTP/2 codec. */
    public static final Codec HTTP2 = http2("");

    /** The HTTP/1 codec with keys of its own, in flow style. */
    public static Codec http1(String keys) {
      return new Codec("http1", "dev.osprey.codec.http1.Config", keys);
    }

    /** The HTTP/2 codec with keys of its own, in flow style. */
    public static Codec http2(String keys) {
      return new Codec("http2", "dev.osprey.codec.http2.Config", keys);
    }

    String line() {
      String more = keys.isEmpty() ? "" : ", " + keys;
      return "{ name: %s, typed_config: { \"@type\": type.googleapis.com/%s%s } }"
          .formatted(name, type, more);
    }
  }
}
