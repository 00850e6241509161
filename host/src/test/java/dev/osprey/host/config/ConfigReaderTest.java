package dev.osprey.host.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.plan.HealthTimes;
import dev.osprey.host.plan.IoModel;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.testkit.ConfigNodes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  private static final String MANAGER =
      """
      {'@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
       'stat_prefix': 'in', %s
       'route_config': {'virtual_hosts': []},
       'http_filters': [{'name': 'router', 'typed_config':
         {'@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router'}}]}
      """;

  private static final String HTTP1_UPSTREAM =
      """
      , 'typed_extension_protocol_options': {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
          '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
          'explicit_http_config': {'http_protocol_options': {}}}}
      """;

  @Test
  void readsAConnectionManager() {
    ConfigNode root = document(MANAGER.formatted("'stream_idle_timeout': '7s',"), cluster(""));
    ConfigSpec spec = read(root);
    assertThat(ConfigNodes.problems(root)).isEmpty();
    ListenerSpec listener = spec.listeners().getFirst();
    assertThat(listener.address())
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    assertThat(listener.bufferLimitBytes()).isEqualTo(1 << 20);
    ChainSpec.Stream chain = (ChainSpec.Stream) listener.chain();
    assertThat(chain.codecs()).hasSize(1);
    assertThat(chain.codecs().getFirst().slot()).isEqualTo("listener/l/0/codec/http1");
    assertThat(chain.codecs().getFirst().config().keys())
        .contains("@type", "stat_prefix")
        .doesNotContain("route_config", "http_filters");
    assertThat(chain.router().slot()).isEqualTo("listener/l/0/router");
    assertThat(chain.options().streamIdleNanos()).isEqualTo(7_000_000_000L);
    assertThat(chain.options().requestHeadersNanos()).isEqualTo(10_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'codec_type': 'AUTO',", "'codec_type': 'HTTP2',"})
  void speaksHttp1ToClustersThatNameNoProtocol_whateverTheClientSpeaks(String codecType) {
    ConfigNode root = document(MANAGER.formatted(codecType), cluster(""));
    ConfigSpec spec = new ConfigReader(TestOffers.withHttp2()).read(root);
    assertThat(ConfigNodes.problems(root)).isEmpty();
    ChainSpec.Stream chain = (ChainSpec.Stream) spec.listeners().getFirst().chain();
    assertThat(chain.upstream().offer().name()).isEqualTo("http1");
    assertThat(spec.plans())
        .extracting(PlanSpec::slot)
        .containsOnlyOnce("listener/l/0/codec/http1", "listener/l/0/codec/http2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OVERWRITE", "APPEND_IF_ABSENT", "PASS_THROUGH"})
  void leavesTheServersNameToTheCodecs(String transformation) {
    String keys =
        "'server_name': 'a', 'server_header_transformation': '%s',".formatted(transformation);
    ConfigNode root = document(MANAGER.formatted(keys), cluster(""));
    ConfigSpec spec = new ConfigReader(TestOffers.withHttp2()).read(root);
    assertThat(ConfigNodes.problems(root)).isEmpty();
    ChainSpec.Stream chain = (ChainSpec.Stream) spec.listeners().getFirst().chain();
    assertThat(chain.codecs())
        .hasSize(2)
        .allSatisfy(codec ->
            assertThat(codec.config().string("server_header_transformation", ""))
                .isEqualTo(transformation));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP1, stream_flush_timeout, HTTP2",
    "HTTP1, http2_protocol_options, HTTP2",
    "HTTP1, http_protocol_options, ''",
    "HTTP2, stream_flush_timeout, ''",
    "HTTP2, http2_protocol_options, ''",
    "HTTP2, http_protocol_options, ''",
    "AUTO, stream_flush_timeout, ''",
    "AUTO, http2_protocol_options, ''",
    "AUTO, http_protocol_options, ''",
  })
  void refusesWhatNoCodecInUseReads(String codecType, String key, String reader) {
    String value = key.endsWith("timeout") ? "'5s'" : "{}";
    String keys = "'codec_type': '%s', '%s': %s,".formatted(codecType, key, value);
    ConfigNode root = document(MANAGER.formatted(keys), cluster(""));
    new ConfigReader(TestOffers.withHttp2()).read(root);
    if (reader.isEmpty()) {
      // The codec for upstreams reads what is said of HTTP/1, whatever the clients speak.
      assertThat(ConfigNodes.problems(root)).isEmpty();
    } else {
      assertThat(ConfigNodes.problems(root))
          .contains(
              key + ": only the codec of " + reader + " reads it, and this listener has none");
    }
  }

  @Test
  void refusesWhatOnlyABundleReadsThatIsNotThere() {
    ConfigNode root = document(MANAGER.formatted("'stream_flush_timeout': '5s',"), cluster(""));
    read(root);
    assertThat(ConfigNodes.problems(root)).contains("only the codec of HTTP2 reads it");
  }

  @Test
  void readsStreamFiltersBeforeTheRouter_eachIntoASlotOfItsOwn() {
    ConfigNode root =
        document(
            manager(
                filter("a", TestOffers.FILTER),
                filter("a", TestOffers.FILTER),
                filter("b", TestOffers.FILTER),
                filter("router", FilterReader.ROUTER)),
            cluster(""));
    ConfigSpec spec = read(root);
    ChainSpec.Stream chain = (ChainSpec.Stream) spec.listeners().getFirst().chain();
    assertThat(ConfigNodes.problems(root)).isEmpty();
    assertThat(chain.filters())
        .extracting(PlanSpec::slot)
        .containsExactly(
            "listener/l/0/filter/a", "listener/l/0/filter/a/1", "listener/l/0/filter/b");
    assertThat(spec.plans()).containsAll(chain.filters());
  }

  @Test
  void refusesFiltersBehindTheRouter_andThoseThatNobodyOffers() {
    ConfigNode root =
        document(
            manager(
                filter("router", FilterReader.ROUTER),
                filter("x", "type.googleapis.com/test.Filtre"),
                filter("a", TestOffers.FILTER)),
            cluster(""));
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains("http_filters[0]: expected the router filter to be the last")
        .contains("http_filters[1].typed_config.@type: no bundle offers the stream-filter")
        .contains("did you mean \"type.googleapis.com/test.Filter\"")
        .contains("http_filters[2]: expected the router filter behind this one");
  }

  private static String filter(String name, String type) {
    return "{'name': '%s', 'typed_config': {'@type': '%s'}}".formatted(name, type);
  }

  private static String manager(String... filters) {
    return "{'@type': '%s', 'stat_prefix': 'in', 'route_config': {}, 'http_filters': [%s]}"
        .formatted(ChainReader.MANAGER, String.join(", ", filters));
  }

  @Test
  void findsTheLoadBalancer_byPolicyOrByType_andReadsWeights() {
    ConfigNode root = document(MANAGER.formatted(""), cluster(""));
    ClusterSpec cluster = read(root).clusters().getFirst();
    assertThat(cluster.balancer().offer().name()).isEqualTo("in_turn");
    assertThat(cluster.balancer().slot()).isEqualTo("cluster/up/load-balancer");
    assertThat(cluster.balancer().config().keys()).isEmpty();
    assertThat(cluster.weights()).containsExactly(1);
    root =
        document(
            MANAGER.formatted(""),
            cluster(", 'lb_policy': 'RANDOM'")
                .replace("'endpoint':", "'load_balancing_weight': 7, 'endpoint':"));
    cluster = read(root).clusters().getFirst();
    assertThat(ConfigNodes.problems(root)).isEmpty();
    assertThat(cluster.balancer().offer().name()).isEqualTo("random");
    assertThat(cluster.weights()).containsExactly(7);
  }

  @Test
  void takesTheFirstPolicyOfAListThatSomebodyOffers() {
    ConfigNode root =
        document(
            MANAGER.formatted(""),
            cluster(policies("least_request.v3.LeastRequest", "random.v3.Random")));
    ClusterSpec cluster = read(root).clusters().getFirst();
    assertThat(ConfigNodes.problems(root)).isEmpty();
    assertThat(cluster.balancer().offer().name()).isEqualTo("random");
    assertThat(cluster.balancer().config().keys()).containsExactly("x");
  }

  @Test
  void saysThatNoBundleOffersAPolicy() {
    ConfigNode root =
        document(
            MANAGER.formatted(""),
            cluster(", 'lb_policy': 'LEAST_REQUEST', 'round_robin_lb_config': {}"));
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains("lb_policy: no bundle offers the load-balancer extension")
        .contains("least_request.v3.LeastRequest")
        .contains("round_robin_lb_config: these settings are not those");
    root = document(MANAGER.formatted(""), cluster(policies("least_request.v3.LeastRequest")));
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains("typed_config.@type: no bundle offers the load-balancer extension");
    root = document(MANAGER.formatted(""), cluster(", 'lb_policy': 'MAGLEV'"));
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains("lb_policy: expected one of ROUND_ROBIN, LEAST_REQUEST, RANDOM");
  }

  private static String policies(String... types) {
    StringBuilder items = new StringBuilder();
    for (String type : types) {
      items.append(
          "{'typed_extension_config': {'name': 'p', 'typed_config': {'@type': '%s', 'x': 1}}},"
              .formatted(BalancerReader.TYPES + type));
    }
    items.setLength(items.length() - 1);
    return ", 'load_balancing_policy': {'policies': [" + items + "]}";
  }

  @Test
  void takesUpgradesAsTheyAre_andRefusesToTurnThemOff() {
    ConfigNode root =
        document(
            MANAGER.formatted(
                "'upgrade_configs': [{'upgrade_type': 'websocket'},"
                    + " {'upgrade_type': 'x', 'enabled': false}], 'drain_timeout': '1s',"),
            cluster(""));
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains("upgrade_configs[1].enabled: expected true")
        .contains("drain_timeout");
  }

  @Test
  void readsAClusterWithItsLimitsAndCodec() {
    ConfigNode root =
        document(
            MANAGER.formatted(""),
            cluster(
                """
                , 'connect_timeout': '0.25s',
                'circuit_breakers': {'thresholds': [{'max_connections': 3, 'max_requests': 9}]},
                'typed_extension_protocol_options': {
                  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
                    '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
                    'common_http_protocol_options': {'idle_timeout': '9s'},
                    'explicit_http_config': {'http_protocol_options': {}}}}
                """));
    ClusterSpec cluster = read(root).clusters().getFirst();
    assertThat(ConfigNodes.problems(root)).isEmpty();
    assertThat(cluster.connectTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(cluster.idleTimeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(cluster.limits()).isEqualTo(new ClusterSpec.Limits(3, 1024, 9));
    assertThat(cluster.codec().slot()).isEqualTo("cluster/up/codec");
    assertThat(cluster.endpoints())
        .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8081));
  }

  @Test
  void readsAByteTerminalInATypedStruct_andTakesItsAccessLog() {
    String struct =
        """
        {'@type': 'type.googleapis.com/xds.type.v3.TypedStruct',
         'type_url': 'type.googleapis.com/test.Tcp',
         'value': {'stat_prefix': 'tcp', 'cluster': 'up', 'access_log': [
           {'name': 'a', 'typed_config': {'@type': 'type.googleapis.com/test.Log'}}]}}
        """;
    ConfigNode root = document(struct, cluster(""));
    ChainSpec.Bytes chain = (ChainSpec.Bytes) read(root).listeners().getFirst().chain();
    assertThat(ConfigNodes.problems(root)).isEmpty();
    assertThat(chain.statPrefix()).isEqualTo("tcp");
    assertThat(chain.terminal().config().keys()).containsExactly("stat_prefix", "cluster");
    assertThat(chain.logs())
        .extracting(PlanSpec::slot)
        .containsExactly("listener/l/0/access_log/0");
  }

  @Test
  void tellsAllMistakesAtOnce_withPathAndNearestName() {
    ConfigNode root =
        document(
            MANAGER.formatted("'codec_tipe': 'AUTO', 'rds': {}, 'request_timeout': 5,"),
            cluster(
                ", 'connect_timeot': '1s', 'lb_policy': 'ROUND_ROBBIN', 'outlier_detection': {}"));
    read(root);
    assertThat(ConfigNodes.problems(root).lines())
        .anySatisfy(line ->
            assertThat(line)
                .contains("typed_config.codec_tipe: ")
                .contains("(did you mean \"codec_type\"?)"))
        .anySatisfy(line -> assertThat(line).contains("rds: \"rds\" is not supported"))
        .anySatisfy(line -> assertThat(line).contains("request_timeout: expected a duration"))
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("test.json:")
                .contains("static_resources.clusters[0].connect_timeot: ")
                .contains("(did you mean \"connect_timeout\"?)"))
        .anySatisfy(line -> assertThat(line).contains("(did you mean \"ROUND_ROBIN\"?)"))
        .anySatisfy(line -> assertThat(line).contains("\"outlier_detection\" is not supported"));
  }

  @Test
  void readsTheIoModel_andNamesTheNearest() {
    String metadata =
        "'metadata': {'filter_metadata': {'dev.osprey': {'io_model': '%s'}}}, 'filter_chains'";
    assertThat(withIoModel(metadata.formatted("thread"), "")).isEqualTo(IoModel.THREAD);
    assertThat(withIoModel(metadata.formatted("reactor"), "")).isEqualTo(IoModel.REACTOR);
    assertThat(withIoModel("'filter_chains'", "")).isEqualTo(IoModel.REACTOR);
    assertThat(
            withIoModel(
                metadata.formatted("tread"),
                "expected one of reactor, thread, found \"tread\" (did you mean \"thread\"?)"))
        .isEqualTo(IoModel.REACTOR);
  }

  private static IoModel withIoModel(String replacement, String problem) {
    ConfigNode root =
        ConfigNodes.json(
            text(MANAGER.formatted(""), cluster("")).replace("'filter_chains'", replacement));
    IoModel read = read(root).listeners().getFirst().ioModel();
    assertThat(ConfigNodes.problems(root)).contains(problem);
    assertThat(ConfigNodes.problems(root).isEmpty()).isEqualTo(problem.isEmpty());
    return read;
  }

  @Test
  void saysWhatIsOffered_whenNoBundleReadsAType() {
    ConfigNode root = document("{'@type': 'type.googleapis.com/test.Tpc'}", cluster(""));
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains(
            "no bundle offers the network extension \"type.googleapis.com/test.Tpc\"; offered:"
                + " tcp_proxy [type.googleapis.com/test.Tcp], "
                + String.join(", ", ChainReader.TYPES)
                + " (did you mean \"type.googleapis.com/test.Tcp\"?)");
  }

  @Test
  void refusesNamesThatAppearTwice_andFurtherFilters() {
    ConfigNode root =
        ConfigNodes.json(
            """
            {'static_resources': {'clusters': [
              {'name': 'a', 'load_assignment': {}}, {'name': 'a', 'load_assignment': {}}],
             'listeners': [{'name': 'l', 'address': {'socket_address':
                {'address': 'localhost', 'port_value': 1}},
              'filter_chains': [{'filters': []}, {'filters': []}]}]}}
            """);
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains("clusters[1].name: another of the clusters has the name \"a\"")
        .contains("expected a list with one filter chain, found 2 of them")
        .contains("expected an IP address such as 127.0.0.1");
  }

  private static String tcp(String more) {
    return "{'@type': '%s', 'cluster': 'up'%s}".formatted(TestOffers.TCP, more);
  }

  /** A document whose chain has two terminals. */
  private static ConfigNode pair(String first, String second) {
    return document(first + "}, {'name': 'g', 'typed_config': " + second, cluster(""));
  }

  @Test
  void readsAByteTerminalBehindTheCodecs() {
    ConfigNode root = pair(MANAGER.formatted(""), tcp(", 'stat_prefix': 'rest'"));
    ConfigSpec spec = read(root);
    assertThat(ConfigNodes.problems(root)).isEmpty();
    ListenerSpec listener = spec.listeners().getFirst();
    ChainSpec.Stream chain = (ChainSpec.Stream) listener.chain();
    assertThat(chain.next().terminal().slot()).isEqualTo("listener/l/0/next/terminal");
    assertThat(chain.next().statPrefix()).isEqualTo("rest");
    assertThat(spec.plans()).contains(chain.next().terminal()).containsAll(chain.codecs());
    assertThat(listener.detectionTimeout()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void refusesPairsOfTerminalsThatMakeNoSense() {
    ConfigNode bytesFirst = pair(tcp(""), MANAGER.formatted(""));
    read(bytesFirst);
    assertThat(ConfigNodes.problems(bytesFirst))
        .contains("filters[1]: expected nothing behind a byte terminal");
    ConfigNode streams = pair(MANAGER.formatted(""), MANAGER.formatted(""));
    read(streams);
    assertThat(ConfigNodes.problems(streams))
        .contains("filters[1]: expected a byte terminal behind the stream terminal");
    String third = ", {'name': 'h', 'typed_config': " + tcp("") + "}";
    ConfigNode three = pair(tcp(""), tcp("") + "}" + third.substring(0, third.length() - 1));
    read(three);
    assertThat(ConfigNodes.problems(three)).contains("found 3 of them");
  }

  @Test
  void readsAHealthCheck_andItsCheckIsAPlan() {
    ConfigNode root =
        document(
            MANAGER.formatted(""),
            cluster(
                health("'http_health_check': {'path': '/ready'}")
                    + ", 'common_lb_config': {'healthy_panic_threshold': {'value': 20.5}}"
                    + HTTP1_UPSTREAM));
    ConfigSpec spec = read(root);
    assertThat(ConfigNodes.problems(root)).isEmpty();
    HealthSpec health = spec.clusters().getFirst().health();
    assertThat(health.times().timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(health.times().interval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(health.times().next(false, true, 0.5)).isEqualTo(2_000_000_000L);
    assertThat(health.unhealthyThreshold()).isEqualTo(3);
    assertThat(health.healthyThreshold()).isEqualTo(4);
    assertThat(health.panicPercent()).isEqualTo(20.5);
    assertThat(health.check().slot()).isEqualTo("cluster/up/health-check");
    assertThat(spec.plans()).contains(health.check());
  }

  @Test
  void readsTheTimesOfAHealthCheck() {
    ConfigNode root =
        document(
            MANAGER.formatted(""),
            cluster(
                health(
                    "'tcp_health_check': {}, 'reuse_connection': false, 'initial_jitter': '3s',"
                        + " 'interval_jitter': '1s', 'interval_jitter_percent': 50,"
                        + " 'unhealthy_interval': '8s', 'healthy_edge_interval': '0.5s'")));
    HealthTimes times = read(root).clusters().getFirst().health().times();
    assertThat(ConfigNodes.problems(root)).isEmpty();
    assertThat(times.initialJitter()).isEqualTo(Duration.ofSeconds(3));
    assertThat(times.next(true, false, 0)).isEqualTo(2_000_000_000L);
    assertThat(times.next(true, false, 1)).isEqualTo(4_000_000_000L);
    assertThat(times.next(true, true, 0)).isEqualTo(500_000_000L);
    assertThat(times.next(false, false, 0)).isEqualTo(8_000_000_000L);
    assertThat(times.next(false, true, 0)).as("unhealthy_interval's").isEqualTo(8_000_000_000L);
  }

  @Test
  void refusesHealthChecksThatCannotBe() {
    assertThat(healthProblems(health("'http_health_check': {}")))
        .contains("http_health_check: the cluster must name its protocol");
    assertThat(healthProblems(health("'grpc_health_check': {}") + HTTP1_UPSTREAM))
        .contains("no bundle offers the health-check extension");
    assertThat(healthProblems(health("'tcp_health_check': {'send': {}}")))
        .contains("tcp_health_check.send: \"send\" is not supported");
    assertThat(healthProblems(health("'tcp_health_check': {}, 'http_health_check': {}")))
        .contains("health_checks[0]: expected one of http_health_check, ");
    assertThat(healthProblems(", 'health_checks': [{'timeout': '0s', 'reuse_connection': true}]"))
        .contains("health_checks[0].timeout: expected a duration above 0s")
        .contains("health_checks[0].interval: ")
        .contains("health_checks[0].unhealthy_threshold: ")
        .contains("health_checks[0].reuse_connection: expected false: each probe has a connection");
    assertThat(healthProblems(", 'health_checks': {}")).contains("health_checks: expected a list");
    assertThat(healthProblems(health("'tcp_health_check': {}, 'no_traffic_interval': '5s'")))
        .contains("\"no_traffic_interval\" is not supported");
    assertThat(healthProblems(", 'common_lb_config': {'healthy_panic_threshold': {'value': 101}}"))
        .contains("common_lb_config.healthy_panic_threshold.value: ");
  }

  private static String healthProblems(String more) {
    ConfigNode root = document(MANAGER.formatted(""), cluster(more));
    read(root);
    return ConfigNodes.problems(root);
  }

  private static String health(String check) {
    return ", 'health_checks': [{'timeout': '1s', 'interval': '2s', 'unhealthy_threshold': 3,"
        + " 'healthy_threshold': 4, "
        + check
        + "}]";
  }

  private static ConfigSpec read(ConfigNode root) {
    return new ConfigReader(TestOffers.usual()).read(root);
  }

  @Test
  void refusesTwoListenersWithOneAddress_butNotPortsThatTheSystemChooses() {
    ConfigNode root = listeners(listener("a", 8080), listener("b", 8080), listener("c", 8081));
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains("listeners[1].address.socket_address: another listener, \"a\", has the address")
        .contains("127.0.0.1:8080")
        .doesNotContain("listeners[2].address");
    ConfigNode chosen = listeners(listener("a", 0), listener("b", 0));
    read(chosen);
    assertThat(ConfigNodes.problems(chosen)).doesNotContain("another listener");
  }

  @Test
  void namesItsOwnTerminalsAmongThoseOffered_andTheOneThatWasMeant() {
    ConfigNode root = document("{'@type': '" + ChainReader.MANAGER.replace("nn", "n") + "'}", "");
    read(root);
    assertThat(ConfigNodes.problems(root))
        .contains(ChainReader.STREAM, "tcp_proxy [", "(did you mean \"" + ChainReader.MANAGER);
  }

  @Test
  void guessesNoTypeThatIsOnlyAsLong() {
    String cors = "type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors";
    ConfigNode root = document("{'@type': '" + cors + "'}", "");
    read(root);
    assertThat(ConfigNodes.problems(root)).contains(cors).doesNotContain("did you mean");
  }

  private static ConfigNode listeners(String... all) {
    return ConfigNodes.json("{'static_resources': {'listeners': [" + String.join(",", all) + "]}}");
  }

  private static String listener(String name, int port) {
    return "{'name': '%s', 'address': {'socket_address': {'address': '127.0.0.1', 'port_value': %d}}}"
        .formatted(name, port);
  }

  private static ConfigNode document(String filter, String cluster) {
    return ConfigNodes.json(text(filter, cluster));
  }

  private static String text(String filter, String cluster) {
    return """
    {'static_resources': {
      'listeners': [{'name': 'l',
        'address': {'socket_address': {'address': '127.0.0.1', 'port_value': 0}},
        'filter_chains': [{'filters': [{'name': 'f', 'typed_config': %s}]}]}],
      'clusters': [%s]}}
    """
        .formatted(filter, cluster);
  }

  private static String cluster(String more) {
    return """
    {'name': 'up', 'load_assignment': {'cluster_name': 'up', 'endpoints': [{'lb_endpoints': [
      {'endpoint': {'address': {'socket_address': {'address': '127.0.0.1', 'port_value': 8081}}}}
    ]}]}%s}
    """
        .formatted(more);
  }
}
