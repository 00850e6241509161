package dev.osprey.health.http;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import java.util.List;
import java.util.Optional;

/**
 * Asks for a path and looks at the status.
 *
 * @param host what is asked for; empty: the cluster's name, as Envoy does
 * @param path with a query, perhaps
 * @param expected the statuses of an endpoint that is well
 */
record HttpHealth(String host, String path, List<Range> expected) implements HealthCheckPlan {
  private static final byte[] NO_BODY = {};

  /**
   * Statuses.
   *
   * @param start the first one
   * @param end the one behind the last
   */
  record Range(int start, int end) {
    static Range from(ConfigNode node) {
      node.allowOnly("start", "end");
      node.required("start");
      node.required("end");
      int start = node.integer("start", 200, 100, 599);
      int end = node.integer("end", 201, 101, 600);
      if (end <= start) {
        node.required("end").problem("a number above start, which is not expected any more");
      }
      return new Range(start, end);
    }
  }

  HttpHealth {
    expected = List.copyOf(expected);
  }

  static HttpHealth from(ConfigNode node) {
    node.allowOnly("host", "path", "expected_statuses");
    String host = node.string("host", "");
    if (!host.matches("[A-Za-z0-9._~%\\[\\]:-]*")) {
      node.required("host").problem("a host with an optional port");
    }
    String path = node.requiredString("path");
    if (node.has("path") && !path.matches("/[!-~&&[^#\"<>\\\\]]*")) {
      node.required("path").problem("a path that starts with / and holds visible ASCII only");
    }
    List<Range> expected = node.objects("expected_statuses", Range::from);
    return new HttpHealth(host, path, expected.isEmpty() ? List.of(new Range(200, 201)) : expected);
  }

  @Override
  public Probe probe(String cluster) {
    RequestHead head = new RequestHead();
    head.method("GET");
    head.scheme("http");
    head.protocol("HTTP/1.1");
    head.path(path);
    head.authority(host.isEmpty() ? hostOf(cluster) : host);
    head.fields().add("user-agent", "osprey-health-check");
    head.bodyLength(0);
    return new Probe(head, NO_BODY);
  }

  /** A cluster's name may hold anything; a host may not. */
  private static String hostOf(String cluster) {
    return cluster.matches("[A-Za-z0-9._-]+") ? cluster : "health-check";
  }

  @Override
  public Optional<String> fault(ResponseHead head, byte[] body, Fields trailers) {
    int status = head.status();
    for (Range range : expected) {
      if (status >= range.start() && status < range.end()) {
        return Optional.empty();
      }
    }
    return Optional.of("status " + status);
  }
}
