package dev.osprey.spi.network;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.Owned;
import dev.osprey.spi.Runs;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** A pair of connections as their terminal sees it. It outlives the terminal's versions. */
@ProviderType
@Runs(Runs.Where.STRAND)
public interface ByteSession {
  /** Connects to an endpoint of the cluster; answered by connected or connectFailed. */
  void connect(ClusterRef cluster);

  /** Sends bytes to the upstream. */
  void toUpstream(@Owned ByteBuf data);

  /** Sends bytes to the client. */
  void toDownstream(@Owned ByteBuf data);

  /** Ends the direction to the upstream (half-close); the other direction goes on. */
  void endUpstream();

  /** Ends the direction to the client (half-close); the other direction goes on. */
  void endDownstream();

  /** Closes both sides after all that was written has left. */
  void close(Reset why);

  /**
   * Sets the time without any byte after which {@link ByteTerminal#idle} is called; zero: never.
   */
  void idleTimeout(Duration timeout);

  /** The client's address. */
  SocketAddress peer();
}
