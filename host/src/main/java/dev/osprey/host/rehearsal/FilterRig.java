package dev.osprey.host.rehearsal;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Streams in memory that go by a stream filter: without and with body and trailers, answered well
 * and badly, and the plan's own heads. Offloaded work is not run: it may reach beyond the process.
 */
final class FilterRig {
  private static final byte[] BODY = "rehearsal".getBytes(StandardCharsets.US_ASCII);
  private static final int[] STATUSES = {200, 404, 503};

  private final StreamFilterPlan plan;
  private final List<RequestHead> own;
  private final List<String> wrong = new ArrayList<>();

  FilterRig(StreamFilterPlan plan) {
    this.plan = plan;
    this.own = List.copyOf(plan.rehearsals());
  }

  /**
   * Plays every stream once.
   *
   * @return how many there were
   * @throws Refusal if the filter breaks its contract
   */
  long check() throws Refusal {
    long played = play();
    if (!wrong.isEmpty()) {
      throw new Refusal(wrong);
    }
    return played;
  }

  /** Plays every stream; says how many. */
  long play() {
    for (int status : STATUSES) {
      stream(head("GET", "/rehearsal?a=b"), status, false);
      stream(head("POST", "/rehearsal/upload"), status, true);
    }
    own.forEach(head -> stream(copy(head), 200, true));
    return STATUSES.length * 2L + own.size();
  }

  private void stream(RequestHead request, int status, boolean body) {
    FilterRigSession session = new FilterRigSession(request);
    StreamFilter filter = plan.open(session);
    boolean on = goesOn("onRequestHead", session, filter.onRequestHead(request, !body));
    if (on && body) {
      on = data("onRequestData", session, filter::onRequestData);
    }
    if (on && body) {
      on = goesOn("onRequestTrailers", session, filter.onRequestTrailers(trailers()));
    }
    answer(session, filter, on ? status : 503, body);
    filter.ended();
  }

  private void answer(FilterRigSession session, StreamFilter filter, int status, boolean body) {
    ResponseHead response = new ResponseHead();
    response.status(status);
    response.fields().add("content-type", "text/plain");
    session.answered(response);
    boolean on = goesOn("onResponseHead", session, filter.onResponseHead(response, !body));
    if (on && body && data("onResponseData", session, filter::onResponseData)) {
      var _ = goesOn("onResponseTrailers", session, filter.onResponseTrailers(trailers()));
    }
  }

  /** A callback that is lent data. */
  private interface DataCallback {
    Verdict on(ByteBuf data, boolean end);
  }

  private boolean data(String name, FilterRigSession session, DataCallback callback) {
    ByteBuf data = Unpooled.wrappedBuffer(BODY);
    boolean on = goesOn(name, session, callback.on(data, false));
    if (data.refCnt() != 1) {
      wrong.add(name + " kept or released the buffer that it was lent");
    }
    return on;
  }

  private boolean goesOn(String callback, FilterRigSession session, Verdict verdict) {
    boolean own = session.made(verdict);
    return switch (verdict) {
      case Verdict.Continue _ -> true;
      case Verdict.Pause _ -> {
        if (!own) {
          wrong.add(callback + " answered with a pause that it did not make");
        }
        yield true;
      }
      case Verdict.Reply _, Verdict.Reset _ -> false;
      case null -> throw new IllegalStateException(callback + " answered nothing");
    };
  }

  private static RequestHead head(String method, String path) {
    RequestHead head = new RequestHead();
    head.method(method);
    head.path(path);
    head.authority("rehearsal.example");
    head.protocol("REHEARSAL/1");
    head.fields().add("user-agent", "rehearsal");
    head.fields().add("x-request-id", "00000000-0000-0000-0000-000000000000");
    return head;
  }

  private static RequestHead copy(RequestHead head) {
    RequestHead copy = head(head.method(), head.path());
    copy.authority(head.authority());
    copy.protocol(head.protocol());
    Fields fields = head.fields();
    for (int i = 0; i < fields.size(); i++) {
      copy.fields().add(fields.name(i), fields.value(i));
    }
    return copy;
  }

  private static Fields trailers() {
    Fields fields = new Fields();
    fields.add("x-checksum", "rehearsal");
    return fields;
  }
}
