package dev.osprey.it.bundle;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterFactory;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** In the place of the header filter: forgets a buffer at every request below {@code /leak}. */
public final class LeaksBuffers implements BundleActivator {
  private static final String TYPE =
      "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";

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
      return stream -> new Leaking();
    }
  }

  private record Leaking() implements StreamFilter {
    @Override
    public Verdict onRequestHead(RequestHead head, boolean end) {
      if (head.path().startsWith("/leak")) {
        ByteBufAllocator.DEFAULT.directBuffer().writeLong(1);
      }
      return Verdict.CONTINUE;
    }
  }
}
