package dev.osprey.spi.log;

import dev.osprey.spi.Runs;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What is known of a finished stream, or of a finished connection of a byte terminal. Valid during
 * the call only. Times are nanoseconds since the start of the stream; -1 means it never happened.
 */
@ProviderType
@Runs(Runs.Where.STRAND)
public interface AccessRecord {
  /** Start of the stream, milliseconds since the epoch. */
  long startMillis();

  /** The request head; null for a byte terminal or an unreadable request. */
  @Nullable RequestHead request();

  /** The final response head; null when none was sent. */
  @Nullable ResponseHead response();

  /** Body bytes (bytes, for a byte terminal) received from the client. */
  long bytesReceived();

  /** Body bytes (bytes, for a byte terminal) sent to the client. */
  long bytesSent();

  /** When the last byte of the request had come. */
  long requestEndNanos();

  /** When the first byte of the upstream's answer had come. */
  long firstResponseNanos();

  /** When the stream ended. */
  long durationNanos();

  /** Why the proxy answered itself; null when it did not. */
  LocalReply.@Nullable Kind localReply();

  /** One line about a local reply or a reset; null when there was neither. */
  @Nullable String detail();

  /** Why it ended before its time; null when it did not. */
  @Nullable Reset reset();

  /** Name of the cluster; null when no route was found. */
  @Nullable String cluster();

  /** Name of the route; empty when it has none. */
  String route();

  /** Address of the endpoint; null when none was chosen. */
  @Nullable SocketAddress upstream();

  /** The client's address. */
  SocketAddress peer();

  /** The address the client connected to. */
  SocketAddress local();

  /** Number of the connection within this process. */
  long connection();

  /** Name of the listener. */
  String listener();
}
