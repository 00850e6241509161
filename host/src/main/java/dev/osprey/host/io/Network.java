package dev.osprey.host.io;

import dev.osprey.host.health.ClusterHealth;
import dev.osprey.host.health.HealthBoard;
import dev.osprey.host.health.HealthChecker;
import dev.osprey.host.io.Listening.BindFailure;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.overload.Overload;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.ChainPlan;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.Prober;
import dev.osprey.host.stream.Worker;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All sockets of the process: those of the event loops and those of the shards. */
@SuppressWarnings("ReferenceEquality") // the very same generation is meant
public final class Network implements DataPlane {
  private final Overload overload;
  private final int loops;
  private final int shards;
  private final Reactor reactor;
  private final ThreadModel threads;
  private final LogFiles logFiles;
  private final Listeners listeners = new Listeners(this::bind);
  private final HealthBoard health = new HealthBoard();
  private final HealthChecker checker;
  // The first loop's.
  private boolean held;
  private volatile List<Worker> workers;
  private volatile Generation generation = Generation.EMPTY;

  /** As many loops as there are processors. */
  public Network(Stats stats, Transport wish, Overload.Limits limits) {
    this(
        stats,
        Runtime.getRuntime().availableProcessors(),
        wish,
        forLoops(),
        ByteBufAllocator.DEFAULT,
        limits);
  }

  /** So many loops, and as many shards or twice that many when a listener wants threads. */
  public Network(Stats stats, int loops, Transport wish) {
    this(stats, loops, wish, forLoops(), ByteBufAllocator.DEFAULT, Overload.Limits.DEFAULT);
  }

  // Netty's default, the adaptive allocator, costs loops a fifth more for bulk; see
  // docs/performance.md. Virtual threads keep it: the pooled one makes a cache for each thread.
  private static ByteBufAllocator forLoops() {
    return System.getProperty("io.netty.allocator.type") == null
        ? PooledByteBufAllocator.DEFAULT
        : ByteBufAllocator.DEFAULT;
  }

  Network(
      Stats stats,
      int loops,
      Transport wish,
      ByteBufAllocator forLoops,
      ByteBufAllocator forShards,
      Overload.Limits limits) {
    this.loops = loops;
    this.overload = new Overload(limits, forLoops, stats::counter);
    // Threads that meet in a strand wait for each other: where there can be several, there is more
    // room.
    this.shards = loops == 1 ? 1 : 2 * loops;
    this.logFiles = new LogFiles(stats.counter("access_log.dropped"));
    this.reactor = new Reactor(wish, loops, loops(), stats, logFiles, health, forLoops, overload);
    this.threads = new ThreadModel(loops, shards, stats, logFiles, health, forShards, overload);
    this.workers = reactor.workers();
    Worker first = workers.getFirst();
    this.checker = new HealthChecker(first.loop(), stats, health, new Prober(first));
    first.loop().execute(() -> first.loop().everyTick(this::holdListeners));
  }

  @Override
  public List<Executor> strands() {
    return workers.stream().<Executor>map(Worker::loop).toList();
  }

  @Override
  public int loops() {
    return loops + shards;
  }

  @Override
  public Optional<String> bind(Generation next) {
    return listeners.bind(next);
  }

  private Listening bind(ListenerPlan plan, InetSocketAddress address) throws BindFailure {
    return switch (plan.ioModel()) {
      case REACTOR -> reactor.bind(plan, address);
      case THREAD -> {
        Listening made = threads.bind(plan, address);
        if (workers.size() == loops) {
          workers = Stream.concat(reactor.workers().stream(), threads.workers().stream()).toList();
          threads.workers().forEach(this::begin);
        }
        yield made;
      }
    };
  }

  // Those that open meanwhile are held at the next tick.
  private void holdListeners() {
    boolean full = !overload.isAccepting();
    if (full || held) {
      held = full;
      listeners.accepting().forEach(listener -> listener.hold(full));
    }
  }

  // A shard is made for a generation that may yet be refused; what has connected by then is served.
  private void begin(Worker fresh) {
    Generation current = generation;
    int sharers = sharers(current);
    fresh.loop().execute(() -> adopt(fresh, current, sharers, (moving, slice) -> {}));
  }

  private void adopt(Worker worker, Generation next, int sharers, Loop.AdoptionListener whenDone) {
    boolean isFirst = worker.loop().index() == 0;
    Loop.Takeover takeover =
        new Loop.Takeover() {
          @Override
          public void begin() {
            worker.sharedBy(sharers);
            worker.clusters().begin(next);
            if (isFirst) {
              checker.begin(next);
            }
          }

          @Override
          public boolean goOn() {
            return worker.clusters().adoptSome() || (isFirst && checker.adoptSome());
          }
        };
    worker.loop().adopt(next, takeover, whenDone);
  }

  @Override
  public CompletableFuture<Moves> publish(Generation next) {
    long start = System.nanoTime();
    generation = next;
    CompletableFuture<Moves> done = new CompletableFuture<>();
    int sharers = sharers(next);
    List<Worker> all = workers;
    Gathered gathered = new Gathered(all.size(), start, done);
    for (Worker worker : all) {
      worker
          .loop()
          .execute(() ->
              adopt(
                  worker,
                  next,
                  sharers,
                  (moving, slice) ->
                      gathered.add(moving.movedCount(), moving.fellBackCount(), slice)));
    }
    return done.thenApplyAsync(moves -> opened(next, moves), Network::onItsOwnThread);
  }

  private Moves opened(Generation known, Moves moves) {
    // One that was overtaken is acknowledged together with the next.
    if (known == generation) {
      listeners.open(known);
    }
    return moves;
  }

  /** How many strands share the limits: those of the I/O models in use. */
  private int sharers(Generation next) {
    Set<IoModel> used =
        next.listeners().stream().map(ListenerPlan::ioModel).collect(Collectors.toSet());
    int sharers =
        (used.contains(IoModel.REACTOR) ? loops : 0) + (used.contains(IoModel.THREAD) ? shards : 0);
    return sharers == 0 ? loops : sharers;
  }

  @Override
  public CompletableFuture<Void> drain(Duration most) {
    listeners.close();
    workers.forEach(worker -> worker.loop().execute(() -> worker.loop().drain()));
    return CompletableFuture.runAsync(() -> awaitEmpty(most), Network::onItsOwnThread);
  }

  // Not on the common pool: it has one thread on two processors, and anybody may block it.
  private static void onItsOwnThread(Runnable work) {
    var _ = Thread.ofVirtual().name("osprey-network").start(work);
  }

  private void awaitEmpty(Duration most) {
    long end = System.nanoTime() + most.toNanos();
    while (System.nanoTime() < end && openConnections() > 0) {
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
  }

  private int openConnections() {
    return ask(worker -> worker.loop().connectionCount()).join().stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  @Override
  public void evict(Extension extension) {
    Reset why = Reset.byHost(Reset.Reason.DRAINING, "old version of " + extension.name());
    for (Worker worker : workers) {
      Loop loop = worker.loop();
      loop.execute(() -> loop.forEach(connection -> connection.evict(extension, why)));
    }
  }

  @Override
  public List<ListenerView> listeners() {
    Generation current = generation;
    List<ListenerView> views = new ArrayList<>();
    for (Listening listener : listeners.accepting()) {
      ListenerPlan plan = current.listener(listener.name());
      views.add(
          new ListenerView(
              listener.name(),
              listener.address().getAddress().getHostAddress(),
              listener.address().getPort(),
              plan == null ? "" : describe(plan.chain()),
              listener.openConnections(),
              listener.model().label()));
    }
    return views;
  }

  private static String describe(ChainPlan chain) {
    return switch (chain) {
      case StreamChain stream ->
          "stream "
              + stream.codecs().stream()
                  .map(slot -> slot.main().extension().name())
                  .reduce((a, b) -> a + "," + b)
                  .orElse("")
              + (stream.next() == null ? "" : ", else " + describe(stream.next()));
      case ByteChain bytes -> bytes.terminal().main().extension().name();
    };
  }

  @Override
  public CompletableFuture<List<ConnectionView>> connections(int most) {
    return ask(
            worker -> {
              List<ConnectionView> views = new ArrayList<>();
              worker
                  .loop()
                  .forEach(connection -> {
                    if (views.size() < most) {
                      views.add(connection.view(worker.loop().now()));
                    }
                  });
              return views;
            })
        .thenApply(all -> all.stream().flatMap(List::stream).limit(most).toList());
  }

  @Override
  public CompletableFuture<List<ClusterView>> clusters() {
    List<ClusterPlan> plans = List.copyOf(generation.clusters());
    return ask(
            worker -> {
              Map<String, int[]> counts = new HashMap<>();
              worker
                  .clusters()
                  .forEachUsed(state -> counts.put(state.plan().name(), state.counts()));
              return counts;
            })
        .thenApply(all -> plans.stream().map(plan -> sum(plan, all)).toList());
  }

  private ClusterView sum(ClusterPlan plan, List<Map<String, int[]>> loops) {
    int[] total = new int[4];
    for (Map<String, int[]> counts : loops) {
      int[] mine = counts.getOrDefault(plan.name(), new int[4]);
      for (int i = 0; i < total.length; i++) {
        total[i] += mine[i];
      }
    }
    return new ClusterView(
        plan.name(),
        plan.endpoints().stream().map(address -> describe(plan, address)).toList(),
        total[0],
        total[1],
        total[2],
        total[3]);
  }

  /** The address, and how it is when somebody asks it. */
  private String describe(ClusterPlan plan, InetSocketAddress address) {
    ClusterHealth known = plan.health() == null ? null : health.find(plan.name());
    String state = known == null ? null : known.state(address);
    String text = AddressText.of(address);
    return state == null ? text : text + " (" + state + ")";
  }

  private <T> CompletableFuture<List<T>> ask(Function<Worker, T> question) {
    List<CompletableFuture<T>> answers = new ArrayList<>();
    for (Worker worker : workers) {
      CompletableFuture<T> answer = new CompletableFuture<>();
      answers.add(answer);
      worker.loop().execute(() -> answer.complete(question.apply(worker)));
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(_ -> answers.stream().map(CompletableFuture::join).toList());
  }

  @Override
  public void reopenLogs() {
    logFiles.reopen();
  }

  @Override
  public void close() {
    listeners.close();
    Reset why = Reset.byHost(Reset.Reason.DRAINING, "shutting down");
    var _ =
        ask(
                worker -> {
                  worker.loop().abortAll(why);
                  return true;
                })
            .orTimeout(2, TimeUnit.SECONDS)
            .handle((ok, failure) -> true)
            .join();
    reactor.close();
    threads.close();
    logFiles.close();
  }

  /** Adds up what the loops report. */
  private static final class Gathered {
    private final long start;
    private final CompletableFuture<Moves> done;
    private int waiting;
    private int moved;
    private int fellBack;
    private long longest;

    Gathered(int loops, long start, CompletableFuture<Moves> done) {
      this.waiting = loops;
      this.start = start;
      this.done = done;
    }

    synchronized void add(int movedHere, int fellBackHere, long slice) {
      moved += movedHere;
      fellBack += fellBackHere;
      longest = Math.max(longest, slice);
      if (--waiting == 0) {
        done.complete(new Moves(moved, fellBack, longest, System.nanoTime() - start));
      }
    }
  }
}
