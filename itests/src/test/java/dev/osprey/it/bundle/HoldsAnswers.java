package dev.osprey.it.bundle;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import java.time.Duration;
import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * In the place of the header filter: holds every answer to a path below {@code /held} for a moment,
 * by offloaded work.
 */
public final class HoldsAnswers implements BundleActivator {
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final long HELD_MILLIS = 100;

  @Override
  public void start(BundleContext context) {
    context.registerService(StreamFilterFactory.class, new Factory(), null);
  }

  @Override
  public void stop(BundleContext context) {}

  private record Factory() implements StreamFilterFactory {
    @Override
    public String name() {
      return "header_mutation";
    }

    @Override
    public List<String> configTypes() {
      return List.of(TYPE);
    }

    @Override
    public StreamFilterPlan plan(ConfigNode config, PlanContext context) {
      return Holding::new;
    }
  }

  private record Holding(StreamSession stream) implements StreamFilter {
    @Override
    public Verdict onRequestHead(RequestHead head, boolean end) {
      return Verdict.CONTINUE;
    }

    @Override
    public Verdict onResponseHead(ResponseHead head, boolean end) {
      if (!stream.request().path().startsWith("/held")) {
        return Verdict.CONTINUE;
      }
      return stream.offload(
          () -> {
            Thread.sleep(HELD_MILLIS);
            return true;
          },
          over -> Verdict.CONTINUE,
          LONG,
          new Verdict.Reply(LocalReply.of(LocalReply.Kind.OVERFLOW, "held too long")));
    }
  }
}
