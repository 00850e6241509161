package dev.osprey.spi.codec;

import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Runs;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A checked, immutable codec configuration: makes the instances of connections, in both roles.
 * Called from many strands at once.
 */
@ConsumerType
@Runs(Runs.Where.STRAND)
public interface CodecPlan {
  /**
   * Looks at the first bytes of a connection.
   *
   * @param first what has arrived; indices must be left as they are
   */
  Recognition recognise(@Borrowed ByteBuf first);

  /**
   * True when one connection carries several streams at once. Such a codec is asked for credit per
   * stream; of any other the host pauses the whole connection, and gives each a stream at a time.
   */
  boolean isMultiplexed();

  /** A codec that faces the client of a new connection. */
  ServerCodec server(ServerCodecHost host);

  /** A codec that faces the upstream on a new connection. */
  ClientCodec client(ClientCodecHost host);

  /** True when {@link #attachServer} or {@link #attachClient} understands this record. */
  boolean reads(StateRecord record);

  /**
   * A codec that goes on where another version detached. Unread bytes are presented again by the
   * next {@link Codec#decode}. It must write nothing and report nothing before it is called.
   */
  ServerCodec attachServer(StateRecord record, ServerCodecHost host);

  /** As {@link #attachServer}, facing the upstream. */
  ClientCodec attachClient(StateRecord record, ClientCodecHost host);

  /**
   * The answer of the proxy itself in this protocol's words. The host sends it down the same way as
   * an upstream's answer, so framing is still the codec's to decide.
   *
   * @param request the request it answers; null when none could be read
   */
  LocalAnswer answer(LocalReply reply, @Nullable RequestHead request);

  /**
   * The corpus for rehearsals: exchanges that touch every class and branch that traffic will need.
   * An empty list means that a swap goes unrehearsed, and the report says so.
   */
  @Runs(Runs.Where.CONTROL)
  List<CodecRehearsal> rehearsals();
}
