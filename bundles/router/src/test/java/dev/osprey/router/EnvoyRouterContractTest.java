package dev.osprey.router;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouterFactory;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.RouterContract;
import java.util.List;

/** The router keeps what every router must keep, with every kind of match and of action. */
class EnvoyRouterContractTest extends RouterContract {
  @Override
  protected RouterFactory factory() {
    return new EnvoyRouterFactory();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.yaml(
        """
        virtual_hosts:
          - name: exact
            domains: [shop.example.com]
            routes:
              - { match: { path: /exact, case_sensitive: false }, route: { cluster: a, timeout: 2s } }
              - match:
                  prefix: /headers
                  headers:
                    - { name: x-color, string_match: { safe_regex: { regex: "re+d" } } }
                    - { name: x-gone, present_match: false }
                route: { cluster: b, prefix_rewrite: /, host_rewrite_literal: other }
              - match: { prefix: /weighted }
                route:
                  weighted_clusters: { clusters: [ { name: a, weight: 1 }, { name: b, weight: 3 } ] }
              - match: { prefix: /limited }
                route:
                  cluster: a
                  max_stream_duration: { max_stream_duration: 5s, grpc_timeout_header_max: 3s }
              - { match: { prefix: /moved }, redirect: { path_redirect: /there, strip_query: true } }
              - { match: { path: /ready }, direct_response: { status: 200, body: { inline_string: ok } } }
          - name: suffix
            domains: ["*.example.com"]
            routes: [ { match: { prefix: / }, redirect: { https_redirect: true } } ]
          - name: prefix
            domains: ["api.*"]
            routes: [ { match: { prefix: /v1/ }, route: { cluster: a } } ]
        """);
  }

  @Override
  protected List<RequestHead> heads() {
    String shop = "shop.example.com";
    return List.of(
        head("GET", shop, "/EXACT?q"),
        head("GET", shop, "/headers/x", "x-color", "reeed"),
        head("GET", shop, "/headers/x", "x-color", "red", "x-gone", "no"),
        head("GET", shop + ":8080", "/weighted"),
        head("POST", shop, "/limited", "grpc-timeout", "1S", "content-type", "application/grpc"),
        head("GET", shop, "/moved?a=b"),
        head("GET", shop, "/ready"),
        head("GET", shop, "/nothing"),
        head("OPTIONS", "a.example.com", "*"),
        head("GET", "a.example.com", "/"),
        head("GET", "api.test", "/v1/x"),
        head("GET", "nobody", "/"));
  }
}
