package dev.osprey.host.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a listener does with the bytes of a connection. */
public sealed interface ChainPlan permits StreamChain, ByteChain {
  /** The prefix of its statistics. */
  String statPrefix();

  /** What takes connections as bytes; null when nothing does. */
  @Nullable ByteChain bytes();

  /** The access logs. */
  List<LogTarget> logs();
}
