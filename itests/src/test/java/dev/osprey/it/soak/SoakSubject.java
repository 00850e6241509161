package dev.osprey.it.soak;

import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Ports;
import java.nio.file.Path;

/** What a soak swaps, and a configuration that has it in the way of every request. */
enum SoakSubject {
  /** The HTTP/1 codec, towards clients and upstreams. */
  HTTP1("http1", "dev.osprey.codec.http1", "Http1Factory") {
    @Override
    Config config(int port, int upstream) {
      return Config.http(port, upstream);
    }
  },

  /**
   * The HTTP/2 codec in both roles: the requests of the HTTP/1 clients go through a second listener
   * of the same process, many streams to a connection. The tunnel, which HTTP/2 knows for
   * WebSockets only, goes past it.
   */
  HTTP2("http2", "dev.osprey.codec.http2", "Http2Factory") {
    @Override
    Config config(int port, int upstream) {
      int hop = Ports.free();
      return Config.empty()
          .withManager(
              "front",
              port,
              "codec_type: HTTP1",
              "match: { prefix: /tunnel }, route: { cluster: app, timeout: 0s }",
              "match: { prefix: / }, route: { cluster: hop, timeout: 0s }")
          .withHttp("hop", hop, "app", Config.Codec.http2("version_header: true"), "")
          .withCluster("hop", Config.speaking("http2_protocol_options"), hop)
          .withCluster("app", Config.speaking("http_protocol_options"), upstream);
    }
  };

  private final String codec;
  private final String symbolicName;
  private final String factory;

  SoakSubject(String codec, String symbolicName, String factory) {
    this.codec = codec;
    this.symbolicName = symbolicName;
    this.factory = symbolicName + "." + factory;
  }

  /** The one that the system property {@code osprey.soak.codec} names, HTTP/1 if there is none. */
  static SoakSubject chosen() {
    String wanted = System.getProperty("osprey.soak.codec", HTTP1.codec);
    for (SoakSubject subject : values()) {
      if (subject.codec.equals(wanted)) {
        return subject;
      }
    }
    throw new IllegalArgumentException(
        "osprey.soak.codec: expected http1 or http2, found " + wanted);
  }

  abstract Config config(int port, int upstream);

  String symbolicName() {
    return symbolicName;
  }

  /** The class of which each build in use has one instance. */
  String factory() {
    return factory;
  }

  /** What answers say of a version. */
  String label(String version) {
    return codec + "/" + version;
  }

  /** The build of the archive under another version. */
  Path build(String version) {
    String name = "osprey-codec-" + codec;
    return JarForge.of(Archive.shared().extension(name)).withVersion(version).write(name + ".jar");
  }
}
