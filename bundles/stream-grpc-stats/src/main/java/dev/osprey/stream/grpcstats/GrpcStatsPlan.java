package dev.osprey.stream.grpcstats;

import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.StreamSession;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes a filter for each gRPC call; whatever else passes shares one that does nothing. */
final class GrpcStatsPlan implements StreamFilterPlan {
  private static final FieldName CONTENT_TYPE = FieldName.of("content-type");
  private static final byte[] GRPC = "application/grpc".getBytes(StandardCharsets.US_ASCII);
  private static final StreamFilter NOTHING = new StreamFilter() {};

  private final MethodTable methods;

  GrpcStatsPlan(MethodTable methods) {
    this.methods = methods;
  }

  @Override
  public StreamFilter open(StreamSession stream) {
    RequestHead head = stream.request();
    return isGrpc(head.fields())
        ? new GrpcStatsFilter(methods.find(head.fields().bytes(), head.pathStart(), head.pathEnd()))
        : NOTHING;
  }

  /** The type alone, or with a format or parameters behind it; not that of gRPC-Web. */
  private static boolean isGrpc(Fields fields) {
    int at = fields.find(CONTENT_TYPE, 0);
    if (at < 0) {
      return false;
    }
    byte[] bytes = fields.bytes();
    int start = fields.valueStart(at);
    int length = fields.valueEnd(at) - start;
    if (length < GRPC.length) {
      return false;
    }
    for (int i = 0; i < GRPC.length; i++) {
      if ((bytes[start + i] | (GRPC[i] == '/' ? 0 : 0x20)) != GRPC[i]) {
        return false;
      }
    }
    int next = length == GRPC.length ? ';' : bytes[start + GRPC.length];
    return next == '+' || next == ';' || next == ' ';
  }

  @Override
  public List<RequestHead> rehearsals() {
    return List.of(head("/rehearsal.Service/Method"), head("/grpc.health.v1.Health/Check"));
  }

  private static RequestHead head(String path) {
    RequestHead head = new RequestHead();
    head.protocol("HTTP/2");
    head.method("POST");
    head.path(path);
    head.authority("rehearsal.invalid");
    head.fields().add("content-type", "application/grpc+proto");
    return head;
  }
}
