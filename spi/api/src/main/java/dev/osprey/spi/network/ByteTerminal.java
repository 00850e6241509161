package dev.osprey.spi.network;

import dev.osprey.spi.Owned;
import dev.osprey.spi.Runs;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The end of a filter chain that carries plain bytes. The host owns the two sockets, their pairing
 * and the queues, and applies back-pressure by itself; the terminal decides where bytes go.
 */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface ByteTerminal {
  /** The connection was accepted; usually calls {@link ByteSession#connect}. */
  void opened();

  /** The upstream is connected; bytes sent before went into its queue. */
  void connected();

  /** No connection could be made; the terminal may try again or close. */
  void connectFailed(Reset why);

  /** Bytes of the client. Read only once the upstream is connected. */
  void fromDownstream(@Owned ByteBuf data);

  /** Bytes of the upstream. */
  void fromUpstream(@Owned ByteBuf data);

  /** The client sends no more (half-close). */
  void downstreamEnded();

  /** The upstream sends no more (half-close). */
  void upstreamEnded();

  /** Neither side has sent anything for the time set by {@link ByteSession#idleTimeout}. */
  void idle();

  /** Hands over; see {@code Codec.detach}. */
  StateRecord detach();
}
