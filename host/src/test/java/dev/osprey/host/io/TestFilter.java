package dev.osprey.host.io;

import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A stream filter of which a test says, callback by callback, what it does. */
final class TestFilter implements StreamFilterPlan {
  private final String name;
  private final Map<String, Step> steps = new ConcurrentHashMap<>();
  private final Queue<String> seen;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();

  /** What one callback does. */
  interface Step {
    /** The verdict; {@code message} is the head, the data or the trailers. */
    Verdict on(StreamSession stream, Object message, boolean end);
  }

  TestFilter(String name) {
    this(name, new ConcurrentLinkedQueue<>());
  }

  /** A filter that writes the name of each callback into a list, perhaps shared. */
  TestFilter(String name, Queue<String> seen) {
    this.name = name;
    this.seen = seen;
  }

  TestFilter on(String callback, Step step) {
    steps.put(callback, step);
    return this;
  }

  Queue<String> seen() {
    return seen;
  }

  int opened() {
    return opened.get();
  }

  int ended() {
    return ended.get();
  }

  static Extension extension(String name, String version, int loops) {
    return new Extension(
        "stream-filter", new NoFactory(name), "test." + name, version, 9, version, loops);
  }

  Bound<StreamFilterPlan> bound(Extension extension) {
    return bound(this, extension);
  }

  static Bound<StreamFilterPlan> bound(StreamFilterPlan plan, Extension extension) {
    return new Bound<>(plan, extension, extension.toString());
  }

  @Override
  public StreamFilter open(StreamSession stream) {
    opened.incrementAndGet();
    return new Instance(stream);
  }

  private record NoFactory(String name) implements StreamFilterFactory {
    @Override
    public List<String> configTypes() {
      return List.of("type.googleapis.com/test." + name);
    }

    @Override
    public StreamFilterPlan plan(ConfigNode config, PlanContext context) {
      return new TestFilter(name);
    }
  }

  private final class Instance implements StreamFilter {
    private final StreamSession stream;

    Instance(StreamSession stream) {
      this.stream = stream;
    }

    private Verdict step(String callback, Object message, boolean end) {
      seen.add(name + "." + callback);
      Step step = steps.get(callback);
      return step == null ? Verdict.CONTINUE : step.on(stream, message, end);
    }

    @Override
    public Verdict onRequestHead(RequestHead head, boolean end) {
      return step("onRequestHead", head, end);
    }

    @Override
    public Verdict onRequestData(ByteBuf data, boolean end) {
      return step("onRequestData", data, end);
    }

    @Override
    public Verdict onRequestTrailers(Fields trailers) {
      return step("onRequestTrailers", trailers, true);
    }

    @Override
    public Verdict onResponseHead(ResponseHead head, boolean end) {
      return step("onResponseHead", head, end);
    }

    @Override
    public Verdict onResponseData(ByteBuf data, boolean end) {
      return step("onResponseData", data, end);
    }

    @Override
    public Verdict onResponseTrailers(Fields trailers) {
      return step("onResponseTrailers", trailers, true);
    }

    @Override
    public void ended() {
      ended.incrementAndGet();
      seen.add(name + ".ended");
    }
  }
}
