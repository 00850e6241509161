package dev.osprey.host.plan;

import java.util.List;

/** What a listener does with the bytes of a connection. */
public sealed interface ChainPlan permits StreamChain, ByteChain {
  /** The prefix of its statistics. */
  String statPrefix();

  /** The access logs. */
  List<LogTarget> logs();
}
