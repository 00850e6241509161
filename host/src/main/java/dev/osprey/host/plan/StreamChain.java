package dev.osprey.host.plan;

import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import java.util.List;

/**
 * A chain that ends in the stream terminal.
 *
 * @param codecs in the order they are asked to recognise a connection; with one, nobody is asked
 * @param filters in the order in which requests pass them
 */
public record StreamChain(
    String statPrefix,
    List<Slot<CodecPlan>> codecs,
    List<Slot<StreamFilterPlan>> filters,
    Slot<RouterPlan> router,
    List<LogTarget> logs,
    StreamOptions options)
    implements ChainPlan {
  public StreamChain {
    codecs = List.copyOf(codecs);
    filters = List.copyOf(filters);
    logs = List.copyOf(logs);
  }
}
