package dev.osprey.host.plan;

import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain that ends in the stream terminal.
 *
 * @param codecs in the order they are asked to recognise a connection; with one and nothing behind
 *     it, nobody is asked
 * @param upstreamSlot the codec's slot for clusters that name none; null for the client's own
 * @param filters in the order in which requests pass them
 * @param next whose connections are that no codec recognises; null: they are closed
 */
public record StreamChain(
    String statPrefix,
    List<Slot<CodecPlan>> codecs,
    @Nullable String upstreamSlot,
    List<Slot<StreamFilterPlan>> filters,
    Slot<RouterPlan> router,
    List<LogTarget> logs,
    StreamOptions options,
    @Nullable ByteChain next)
    implements ChainPlan {
  public StreamChain {
    codecs = List.copyOf(codecs);
    filters = List.copyOf(filters);
    logs = List.copyOf(logs);
  }

  @Override
  public @Nullable ByteChain bytes() {
    return next;
  }
}
