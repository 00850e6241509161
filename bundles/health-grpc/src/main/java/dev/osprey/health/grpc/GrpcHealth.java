package dev.osprey.health.grpc;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@code grpc.health.v1.Health/Check} and looks for SERVING.
 *
 * @param service the service to ask about; empty: the server as a whole
 * @param authority what is asked for; empty: the cluster's name
 */
record GrpcHealth(String service, String authority) implements HealthCheckPlan {
  private static final FieldName STATUS = FieldName.of("grpc-status");
  private static final FieldName MESSAGE = FieldName.of("grpc-message");

  static GrpcHealth from(ConfigNode node) {
    node.allowOnly("service_name", "authority");
    String authority = node.string("authority", "");
    if (!authority.matches("[A-Za-z0-9._~%\\[\\]:-]*")) {
      node.required("authority").problem("a host with an optional port");
    }
    return new GrpcHealth(node.string("service_name", ""), authority);
  }

  @Override
  public Probe probe(String cluster) {
    byte[] message = Messages.request(service);
    RequestHead head = new RequestHead();
    head.method("POST");
    head.scheme("http");
    head.protocol("HTTP/2");
    head.path("/grpc.health.v1.Health/Check");
    head.authority(authority.isEmpty() ? authorityOf(cluster) : authority);
    head.fields().add("content-type", "application/grpc");
    head.fields().add("te", "trailers");
    head.fields().add("user-agent", "osprey-health-check");
    head.bodyLength(message.length);
    return new Probe(head, message);
  }

  /** A cluster's name may hold anything; an authority may not. */
  private static String authorityOf(String cluster) {
    return cluster.matches("[A-Za-z0-9._-]+") ? cluster : "health-check";
  }

  @Override
  public Optional<String> fault(ResponseHead head, byte[] body, Fields trailers) {
    if (head.status() != 200) {
      return Optional.of("status " + head.status());
    }
    String status = value(trailers, STATUS);
    Fields last = status == null ? head.fields() : trailers;
    status = status == null ? value(last, STATUS) : status;
    if (status == null) {
      return Optional.of("no grpc-status");
    }
    if (!status.equals("0")) {
      String message = value(last, MESSAGE);
      return Optional.of("grpc-status " + status + (message == null ? "" : ": " + message));
    }
    int serving = Messages.status(body);
    return serving == Messages.SERVING ? Optional.empty() : Optional.of(Messages.nameOf(serving));
  }

  private static @Nullable String value(Fields fields, FieldName name) {
    int at = fields.find(name, 0);
    return at < 0 ? null : fields.value(at);
  }
}
