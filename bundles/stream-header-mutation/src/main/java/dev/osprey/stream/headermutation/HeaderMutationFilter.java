package dev.osprey.stream.headermutation;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes fields as they go by; looks at no body and remembers nothing. */
final class HeaderMutationFilter implements StreamFilter {
  private final HeaderMutationConfig config;
  private final @Nullable StreamSession stream;

  /**
   * A filter.
   *
   * @param stream null when no value looks at it
   */
  HeaderMutationFilter(HeaderMutationConfig config, @Nullable StreamSession stream) {
    this.config = config;
    this.stream = stream;
  }

  @Override
  public Verdict onRequestHead(RequestHead head, boolean end) {
    return apply(config.request(), head.fields());
  }

  @Override
  public Verdict onRequestTrailers(Fields trailers) {
    return apply(config.requestTrailers(), trailers);
  }

  @Override
  public Verdict onResponseHead(ResponseHead head, boolean end) {
    return apply(config.response(), head.fields());
  }

  @Override
  public Verdict onResponseTrailers(Fields trailers) {
    return apply(config.responseTrailers(), trailers);
  }

  private Verdict apply(List<Mutation> mutations, Fields fields) {
    for (int i = 0; i < mutations.size(); i++) {
      mutations.get(i).apply(fields, stream);
    }
    return Verdict.CONTINUE;
  }
}
