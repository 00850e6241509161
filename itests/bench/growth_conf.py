"""Configurations of a given size: so many virtual hosts, routes or clusters, all of which lead to one upstream."""

from dataclasses import dataclass

# Envoy's breakers would answer for the proxy where more than 1,024 are open.
BREAKERS = "circuit_breakers: { thresholds: [ { max_connections: 20000, max_pending_requests: 20000, max_requests: 20000 } ] }"
TYPES = "type.googleapis.com/envoy.extensions"

HEAD = """static_resources:
  listeners:
    - name: http
      address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }}
      metadata: {{ filter_metadata: {{ dev.osprey: {{ io_model: {model} }} }} }}
      filter_chains:
        - filters:
            - name: http
              typed_config:
                "@type": {types}.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: http
                codec_type: HTTP1
                use_remote_address: true
                generate_request_id: true
                request_headers_timeout: 10s
                stream_idle_timeout: {idle}s
                common_http_protocol_options: {{ idle_timeout: 60s }}
                access_log:
                  - name: file
                    typed_config: {{ "@type": {types}.access_loggers.file.v3.FileAccessLog, path: {log} }}
                http_filters:
                  - name: header_mutation
                    typed_config:
                      "@type": {types}.filters.http.header_mutation.v3.HeaderMutation
                      mutations:
                        response_mutations:
                          - append: {{ header: {{ key: x-served-by, value: bench }}, append_action: OVERWRITE_IF_EXISTS_OR_ADD }}
                  - name: router
                    typed_config: {{ "@type": {types}.filters.http.router.v3.Router }}
                route_config:
                  virtual_hosts:
"""

CLUSTER = """    - name: {name}
      type: STATIC
      lb_policy: ROUND_ROBIN
      connect_timeout: 5s
      {breakers}
      load_assignment:
        cluster_name: {name}
        endpoints:
          - lb_endpoints:
              - endpoint: {{ address: {{ socket_address: {{ address: 127.0.0.1, port_value: {port} }} }} }}
"""


@dataclass(frozen=True)
class Kind:
    """What there are many of; how a request says which of them it wants (%u is its number); how many are asked for (0: all)."""

    name: str
    path: str = "/bytes/100"
    host: str = "bench"
    asked: int = 0


KINDS = {
    kind.name: kind
    for kind in (
        Kind("hosts", host="h%u.test"),
        Kind("prefixes", path="/p%u/bytes/100"),
        Kind("paths", path="/p%u/bytes/100"),
        Kind("headers", host="bench\r\nx-tenant: t%u"),
        Kind("clusters", path="/p%u/bytes/100"),
        Kind("clusters-10-asked", path="/p%u/bytes/100", asked=10),
    )
}


def host(number, domain):
    return (f"                    - name: v{number}\n                      domains: ['{domain}']\n"
            "                      routes:\n")


def route(match, cluster="origin"):
    return (f"                        - match: {{ {match} }}\n"
            f"                          route: {{ cluster: {cluster}, timeout: 60s }}\n")


def many_clusters(kind):
    return kind.startswith("clusters")


def routes(kind, size):
    numbers = range(size)
    if kind == "hosts":
        return "".join(host(i, f"h{i}.test") + route("prefix: /") for i in numbers)
    if many_clusters(kind):
        return host(0, "*") + "".join(route(f"prefix: /p{i}/", f"c{i}") for i in numbers)
    match = {
        "prefixes": "prefix: /p{}/",
        "paths": "path: /p{}/bytes/100",
        "headers": "prefix: /, headers: [ {{ name: x-tenant, string_match: {{ exact: t{} }} }} ]",
    }[kind]
    return host(0, "*") + "".join(route(match.format(i)) for i in numbers)


def text(kind, size, port, upstream, log, idle=60, model="reactor"):
    """A whole document with all features of the benchmark on, its access log in a file; another `idle` is a change that touches the listener and no route."""
    names = [f"c{i}" for i in range(size)] if many_clusters(kind) else ["origin"]
    clusters = "".join(CLUSTER.format(name=name, breakers=BREAKERS, port=upstream) for name in names)
    return HEAD.format(port=port, model=model, types=TYPES, idle=idle, log=log) + routes(kind, size) + "  clusters:\n" + clusters
