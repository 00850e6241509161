package dev.osprey.host.io;

import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Everything that moves bytes, as the control side sees it. Called from the control thread unless
 * it says otherwise.
 */
public interface DataPlane {
  /**
   * What runs a task on each strand that is there now: a loop or a shard, always the same object.
   */
  List<Executor> strands();

  /** How many strands there can be: event loops, and shards of the thread model. */
  int loops();

  /**
   * Binds what a generation adds, before it is published. Nothing is accepted on the new sockets
   * until {@link #publish}.
   *
   * @return why an address can't be bound, in words; empty when all are
   */
  Optional<String> bind(Generation next);

  /**
   * Makes the generation the truth for new work and moves every open connection to its plans, in
   * slices. Completes when every strand has acknowledged and the listeners are those of this
   * generation; one that is overtaken by the next completes together with it.
   */
  CompletableFuture<Moves> publish(Generation next);

  /** Stops accepting, says goodbye everywhere, completes when all is closed or time is over. */
  CompletableFuture<Void> drain(Duration most);

  /** Ends politely what still runs on these extensions (past {@code max_drain}). */
  void evict(Extension extension);

  /** Opens all log files anew at their next line, for log rotation; any thread. */
  void reopenLogs();

  /** The bound listeners; any thread. */
  List<ListenerView> listeners();

  /** The open connections, at most {@code most}; any thread, may take a moment. */
  CompletableFuture<List<ConnectionView>> connections(int most);

  /** The clusters with their pools and counts; any thread, may take a moment. */
  CompletableFuture<List<ClusterView>> clusters();

  /** Closes everything at once. */
  void close();

  /**
   * What publishing did.
   *
   * @param moved instances that went on in a new version
   * @param fellBack instances whose record the new version could not read; they end politely
   * @param longestSliceNanos the longest time a loop was held
   * @param nanos from the call to the last acknowledgement
   */
  record Moves(int moved, int fellBack, long longestSliceNanos, long nanos) {}

  /** A listener in use. */
  record ListenerView(
      String name, String address, int port, String chain, long connections, String ioModel) {}

  /** A connection in use. */
  record ConnectionView(
      long id,
      String side,
      String owner,
      String peer,
      String local,
      String protocol,
      int streams,
      long ageMillis,
      String ioModel) {}

  /** A cluster in use; counts are over all loops. */
  record ClusterView(
      String name, List<String> endpoints, int connections, int idle, int pending, int requests) {}
}
