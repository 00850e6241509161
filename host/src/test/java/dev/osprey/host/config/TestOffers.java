package dev.osprey.host.config;

import dev.osprey.host.plan.Extension;
import dev.osprey.spi.Factory;
import java.util.List;
import java.util.stream.Stream;

/** Offers of bundles that are not there. */
public final class TestOffers {
  public static final String HTTP1 = "type.googleapis.com/test.Http1";
  public static final String TCP = "type.googleapis.com/test.Tcp";
  public static final String LOG = "type.googleapis.com/test.Log";
  public static final String FILTER = "type.googleapis.com/test.Filter";
  public static final String ROUTES =
      "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";

  private TestOffers() {}

  /** An offer of a factory. */
  public static Offer of(Kind kind, Factory factory) {
    Extension extension = new Extension(kind.label(), factory, "test", "1.0.0", 1, "hash", 1);
    return new Offer(kind, factory.name(), factory.configTypes(), extension);
  }

  static Catalog usual() {
    return new Catalog(offers());
  }

  /** The usual offers and a second codec for connection managers. */
  static Catalog withHttp2() {
    Offer second = named(Kind.CODEC, "http2", ChainReader.MANAGER, UpstreamReader.ENVOY);
    return new Catalog(Stream.concat(offers().stream(), Stream.of(second)).toList());
  }

  private static List<Offer> offers() {
    return List.of(
        named(Kind.CODEC, "http1", HTTP1, ChainReader.MANAGER, UpstreamReader.ENVOY),
        named(Kind.STREAM_FILTER, "filter", FILTER),
        named(Kind.LOAD_BALANCER, "in_turn", BalancerReader.TYPES + "round_robin.v3.RoundRobin"),
        named(Kind.HEALTH_CHECK, "http", HealthReader.TYPES + "HttpHealthCheck"),
        named(Kind.LOAD_BALANCER, "random", BalancerReader.TYPES + "random.v3.Random"),
        named(Kind.ROUTER, "router", ROUTES),
        named(Kind.NETWORK, "tcp_proxy", TCP),
        named(Kind.ACCESS_LOG, "file", LOG));
  }

  private static Offer named(Kind kind, String name, String... types) {
    return of(kind, new NamedFactory(name, List.of(types)));
  }

  private record NamedFactory(String name, List<String> configTypes) implements Factory {}
}
