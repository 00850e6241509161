package dev.osprey.spi.network;

import dev.osprey.spi.Runs;
import dev.osprey.spi.StateRecord;
import org.osgi.annotation.versioning.ConsumerType;

/** A checked, immutable byte terminal: makes the instances of connections. */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface ByteTerminalPlan {
  /** The terminal of a new connection; {@link ByteTerminal#opened} follows. */
  ByteTerminal open(ByteSession session);

  /** True when {@link #attach} understands this record. */
  boolean reads(StateRecord record);

  /** A terminal that goes on where another version detached. */
  ByteTerminal attach(StateRecord record, ByteSession session);
}
