package dev.osprey.host.plan;

import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.route.RouterPlan;
import java.util.List;

/**
 * A chain that ends in the stream terminal.
 *
 * @param codecs in the order they are asked to recognise a connection; with one, nobody is asked
 */
public record StreamChain(
    String statPrefix,
    List<Slot<CodecPlan>> codecs,
    Slot<RouterPlan> router,
    List<LogTarget> logs,
    StreamOptions options)
    implements ChainPlan {
  public StreamChain {
    codecs = List.copyOf(codecs);
    logs = List.copyOf(logs);
  }
}
