package dev.osprey.stream.headermutation;

import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.spi.stream.StreamSession;
import org.jspecify.annotations.Nullable;

/** Makes filters; a single one when no value depends on a stream. */
final class HeaderMutationPlan implements StreamFilterPlan {
  private final HeaderMutationConfig config;
  private final @Nullable HeaderMutationFilter shared;

  HeaderMutationPlan(HeaderMutationConfig config) {
    this.config = config;
    this.shared = config.isConstant() ? new HeaderMutationFilter(config, null) : null;
  }

  @Override
  public StreamFilter open(StreamSession stream) {
    HeaderMutationFilter one = shared;
    return one == null ? new HeaderMutationFilter(config, stream) : one;
  }
}
