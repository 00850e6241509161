package dev.osprey.it.harness;

import java.nio.file.Path;

/** Builds of the bundles that tests swap. */
public final class Builds {
  /** Symbolic name of the HTTP/1 codec. */
  public static final String CODEC = "dev.osprey.codec.http1";

  /** Symbolic name of the HTTP/2 codec. */
  public static final String HTTP2 = "dev.osprey.codec.http2";

  /** Symbolic name of the router. */
  public static final String ROUTER = "dev.osprey.router";

  /** Symbolic name of the TCP proxy. */
  public static final String TCP = "dev.osprey.network.tcpproxy";

  /** Symbolic name of the header mutation filter. */
  public static final String HEADERS = "dev.osprey.stream.headermutation";

  /** Symbolic name of the least request policy. */
  public static final String LEAST_REQUEST = "dev.osprey.lb.leastrequest";

  /** Symbolic name of the random policy. */
  public static final String RANDOM = "dev.osprey.lb.random";

  /** Symbolic name of HTTP's health check. */
  public static final String HTTP_HEALTH = "dev.osprey.health.http";

  /** Symbolic name of gRPC's health check. */
  public static final String GRPC_HEALTH = "dev.osprey.health.grpc";

  private Builds() {}

  /** HTTP's health check under a version. */
  public static Path httpHealth(String version) {
    return JarForge.version(Archive.shared().extension("osprey-health-http"), version);
  }

  /** gRPC's health check under a version. */
  public static Path grpcHealth(String version) {
    return JarForge.version(Archive.shared().extension("osprey-health-grpc"), version);
  }

  /** The header mutation filter under a version. */
  public static Path headers(String version) {
    return JarForge.version(Archive.shared().extension("osprey-stream-header-mutation"), version);
  }

  /** The least request policy under a version. */
  public static Path leastRequest(String version) {
    return JarForge.version(Archive.shared().extension("osprey-lb-least-request"), version);
  }

  /** The random policy under a version. */
  public static Path random(String version) {
    return JarForge.version(Archive.shared().extension("osprey-lb-random"), version);
  }

  /** The HTTP/1 codec under a version. */
  public static Path codec(String version) {
    return JarForge.version(Archive.shared().extension("osprey-codec-http1"), version);
  }

  /** The router under a version. */
  public static Path router(String version) {
    return JarForge.version(Archive.shared().extension("osprey-router"), version);
  }

  /** The TCP proxy under a version. */
  public static Path tcp(String version) {
    return JarForge.version(Archive.shared().extension("osprey-network-tcp-proxy"), version);
  }

  /** The HTTP/1 codec as the archive brings it, for a build that differs more. */
  public static JarForge forgeCodec() {
    return JarForge.of(Archive.shared().extension("osprey-codec-http1"));
  }
}
