package dev.osprey.stream.grpcstats;

import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;

/** Counts one call. */
final class GrpcStatsFilter implements StreamFilter {
  private static final FieldName STATUS = FieldName.of("grpc-status");
  private static final int NONE = -1;
  private static final int ODD = 99;

  private final MethodStats stats;
  private final Messages requests = new Messages();
  private final Messages responses = new Messages();
  private int status = NONE;
  private boolean begun;

  GrpcStatsFilter(MethodStats stats) {
    this.stats = stats;
  }

  @Override
  public Verdict onRequestHead(RequestHead head, boolean end) {
    begun = true;
    return Verdict.CONTINUE;
  }

  @Override
  public Verdict onRequestData(ByteBuf data, boolean end) {
    stats.requestMessages(requests.in(data));
    return Verdict.CONTINUE;
  }

  @Override
  public Verdict onResponseHead(ResponseHead head, boolean end) {
    look(head.fields());
    return Verdict.CONTINUE;
  }

  @Override
  public Verdict onResponseData(ByteBuf data, boolean end) {
    stats.responseMessages(responses.in(data));
    return Verdict.CONTINUE;
  }

  @Override
  public Verdict onResponseTrailers(Fields trailers) {
    look(trailers);
    return Verdict.CONTINUE;
  }

  @Override
  public void ended() {
    if (begun) {
      stats.ended(status);
    }
  }

  private void look(Fields fields) {
    int at = fields.find(STATUS, 0);
    if (at < 0) {
      return;
    }
    byte[] bytes = fields.bytes();
    int start = fields.valueStart(at);
    int length = fields.valueEnd(at) - start;
    int number = length == 0 || length > 2 ? ODD : 0;
    for (int i = start; i < start + length && number < ODD; i++) {
      int digit = bytes[i] - '0';
      number = digit < 0 || digit > 9 ? ODD : number * 10 + digit;
    }
    status = number;
  }
}
