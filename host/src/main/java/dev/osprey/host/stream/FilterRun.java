package dev.osprey.host.stream;

import dev.osprey.host.fence.FilterFence;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.Owned;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one exchange, from its head to its end: each on the code it began with. Holds a
 * lease on that code as long.
 */
final class FilterRun implements StreamSession {
  private final Owner owner;
  private final Downstream downstream;
  private final Loop loop;
  private final RequestHead request;
  private final FilterFence[] filters;
  private final FilterFlow requests = new FilterFlow(this, true);
  private final FilterFlow responses = new FilterFlow(this, false);
  private @Nullable ResponseHead response;
  private @Nullable FilterFlow asking;
  private @Nullable FilterFence askedFilter;
  private @Nullable FilterPause fresh;
  private boolean responseKept;
  private boolean ended;

  /** Where what has passed all filters goes on; what they want done. */
  interface Owner {
    /** The request's head may be routed. */
    void requestHeadPassed(boolean end);

    /**
     * Request body.
     *
     * @param received how many bytes of the sender's it stands for
     */
    void requestDataPassed(@Owned ByteBuf data, boolean end, int received);

    /** Request trailers. */
    void requestTrailersPassed(Fields trailers);

    /** An answer's head. */
    void responseHeadPassed(ResponseHead head, boolean end);

    /** An answer's body. */
    void responseDataPassed(@Owned ByteBuf data, boolean end, int received);

    /** An answer's trailers. */
    void responseTrailersPassed(Fields trailers);

    /** A filter answers. */
    void filterReplied(LocalReply reply);

    /** A filter ends the stream. */
    void filterReset(Reset why);

    /** A direction is held: its sender is to be slowed down, its bound in time to be kept. */
    void paused(boolean isRequest);

    /** A direction goes on. */
    void resumed(boolean isRequest);

    /** The answer's head is now this copy; the codec's own may be reused. */
    void responseKept(ResponseHead copy);
  }

  FilterRun(
      Owner owner,
      Downstream downstream,
      Loop loop,
      RequestHead request,
      List<Slot<StreamFilterPlan>> plans) {
    this.owner = owner;
    this.downstream = downstream;
    this.loop = loop;
    this.request = request;
    this.filters = new FilterFence[plans.size()];
    for (int i = 0; i < filters.length; i++) {
      filters[i] = FilterFence.open(plans.get(i).pick(loop.random()), this);
      filters[i].extension().lease(loop.index());
    }
  }

  /** Lets the request's head go by; answers when a filter could not be made. */
  void begin(boolean end) {
    for (FilterFence filter : filters) {
      if (filter.isBroken()) {
        Extension broken = filter.extension();
        owner.filterReplied(
            LocalReply.of(
                LocalReply.Kind.EXTENSION_FAILURE,
                broken.name() + " " + broken.version() + " failed in open"));
        return;
      }
    }
    requests.head(end);
  }

  boolean runsOn(Extension extension) {
    for (FilterFence filter : filters) {
      if (!ended && filter.extension() == extension) {
        return true;
      }
    }
    return false;
  }

  // ---- what comes

  void requestData(@Owned ByteBuf data, boolean end) {
    requests.data(data, end);
  }

  void requestTrailers(Fields trailers) {
    requests.trailers(trailers);
  }

  void responseHead(ResponseHead head, boolean end) {
    response = head;
    responseKept = false;
    responses.head(end);
  }

  void responseData(@Owned ByteBuf data, boolean end) {
    responses.data(data, end);
  }

  void responseTrailers(Fields trailers) {
    responses.trailers(trailers);
  }

  /** The proxy answers itself: the request goes no further, an answer on its way is dropped. */
  void localReply() {
    requests.close();
    responses.restart();
  }

  boolean isRequestHeld() {
    return requests.isPaused();
  }

  boolean isResponseHeld() {
    return responses.isPaused();
  }

  long deadline() {
    return Math.min(requests.deadline(), responses.deadline());
  }

  void checkTime(long now) {
    requests.checkTime(now);
    responses.checkTime(now);
  }

  /** The stream is over: what hangs on it is cancelled, the filters and their code are let go. */
  void end() {
    if (ended) {
      return;
    }
    ended = true;
    requests.close();
    responses.close();
    for (FilterFence filter : filters) {
      filter.ended();
      filter.extension().release(loop.index());
    }
  }

  // ---- for the flows

  Owner owner() {
    return owner;
  }

  int count() {
    return filters.length;
  }

  FilterFence filter(int index) {
    return filters[index];
  }

  ResponseHead answer() {
    return Objects.requireNonNull(response, "no answer yet");
  }

  /** A filter is about to be called for a direction. */
  void asks(FilterFlow flow, FilterFence filter) {
    asking = flow;
    askedFilter = filter;
  }

  /** What a filter's answer comes to: a pause must be the one it made during the call. */
  Verdict asked(FilterFence filter, Verdict verdict) {
    asking = null;
    askedFilter = null;
    FilterPause made = fresh;
    if (made != null && made != verdict) {
      made.over();
      fresh = made = null;
    }
    if (made == null && verdict instanceof Verdict.Pause) {
      return filter.refused("a pause that this call did not make");
    }
    return verdict;
  }

  FilterPause takePause() {
    FilterPause made = Objects.requireNonNull(fresh, "no pause");
    fresh = null;
    return made;
  }

  void paused(FilterFlow flow) {
    if (!flow.isRequest() && !responseKept) {
      ResponseHead copy = Heads.copy(answer());
      response = copy;
      responseKept = true;
      owner.responseKept(copy);
    }
    owner.paused(flow.isRequest());
  }

  // ---- for the filters

  @Override
  public RequestHead request() {
    return request;
  }

  @Override
  public @Nullable ResponseHead response() {
    return response;
  }

  @Override
  public SocketAddress peer() {
    return downstream.peer();
  }

  @Override
  public SocketAddress local() {
    return downstream.local();
  }

  @Override
  public boolean isSecure() {
    return downstream.isSecure();
  }

  @Override
  public String listener() {
    return downstream.listener();
  }

  @Override
  public long connection() {
    return downstream.id();
  }

  @Override
  public ByteBufAllocator alloc() {
    return loop.allocator();
  }

  @Override
  public FilterPause pause(Duration timeout, Verdict otherwise) {
    FilterFlow flow = asking;
    if (flow == null || fresh != null) {
      throw new IllegalStateException("one pause in a callback, and none outside");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("a pause of " + timeout);
    }
    if (otherwise instanceof Verdict.Pause) {
      throw new IllegalArgumentException("a pause after a pause that nobody resumed");
    }
    long most = Math.min(timeout.toMillis(), Integer.MAX_VALUE) * 1_000_000;
    FilterPause made = new FilterPause(loop, flow, loop.now() + Math.max(most, 1), otherwise);
    fresh = made;
    return made;
  }

  @Override
  public <T extends @Nullable Object> FilterPause offload(
      Callable<T> work,
      Function<? super T, ? extends Verdict> then,
      Duration timeout,
      Verdict otherwise) {
    FilterFence filter = Objects.requireNonNull(askedFilter, "only in a callback");
    FilterPause made = pause(timeout, otherwise);
    made.start(filter, work, then);
    return made;
  }

  @Override
  public void replace(@Owned ByteBuf data) {
    FilterFlow flow = asking;
    if (flow == null || !flow.goesByData()) {
      data.release();
      throw new IllegalStateException("there is no data to replace");
    }
    flow.replace(data);
  }
}
