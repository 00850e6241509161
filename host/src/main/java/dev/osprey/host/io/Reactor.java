package dev.osprey.host.io;

import dev.osprey.host.io.BoundListener.BindFailure;
import dev.osprey.host.log.LogFiles;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.LoopThread;
import dev.osprey.host.loop.Wheel;
import dev.osprey.host.plan.ByteChain;
import dev.osprey.host.plan.ChainPlan;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.plan.StreamChain;
import dev.osprey.host.stats.Stats;
import dev.osprey.host.stream.ClusterState;
import dev.osprey.host.stream.Worker;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The {@code reactor} I/O model: event loops that each own their connections entirely. */
public final class Reactor implements DataPlane {
  private final Stats stats;
  private final MultiThreadIoEventLoopGroup group;
  private final List<Worker> workers = new ArrayList<>();
  private final Sockets sockets;
  private final ByteBufAllocator allocator = allocator();
  private final LogFiles logFiles;
  private final Map<String, BoundListener> bound = new HashMap<>();
  private final Map<String, BoundListener> fresh = new HashMap<>();
  private final List<BoundListener> listening = new CopyOnWriteArrayList<>();
  private volatile Generation generation = Generation.EMPTY;

  /** As many loops as there are processors. */
  public Reactor(Stats stats) {
    this(stats, Runtime.getRuntime().availableProcessors());
  }

  /** So many loops. */
  public Reactor(Stats stats, int loops) {
    this.stats = stats;
    this.sockets = new Sockets(allocator);
    this.logFiles = new LogFiles(stats.counter("access_log.dropped"));
    AtomicInteger number = new AtomicInteger();
    this.group =
        new MultiThreadIoEventLoopGroup(
            loops,
            body -> {
              LoopThread thread = new LoopThread(body, "osprey-loop-" + number.getAndIncrement());
              stats.register(thread);
              return thread;
            },
            sockets.ioHandlers());
    for (int i = 0; i < loops; i++) {
      EventLoop eventLoop = group.next();
      Loop loop = new Loop(i, eventLoop, allocator);
      workers.add(new Worker(loop, loops, stats, logFiles, sockets));
      var _ =
          eventLoop.scheduleAtFixedRate(
              loop::tick, Wheel.TICK_NANOS, Wheel.TICK_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  // The adaptive allocator, Netty's default, costs a fifth more for bulk; see docs/performance.md.
  private static ByteBufAllocator allocator() {
    return System.getProperty("io.netty.allocator.type") == null
        ? PooledByteBufAllocator.DEFAULT
        : ByteBufAllocator.DEFAULT;
  }

  @Override
  public int loops() {
    return workers.size();
  }

  @Override
  public Optional<String> bind(Generation next) {
    try {
      for (ListenerPlan plan : next.listeners()) {
        BoundListener old = bound.get(plan.name());
        if (old == null || !old.wanted().equals(plan.address())) {
          fresh.put(plan.name(), BoundListener.bind(plan, workers, sockets, stats, allocator));
        }
      }
      return Optional.empty();
    } catch (BindFailure failure) {
      unbind(next);
      return Optional.of(String.valueOf(failure.getMessage()));
    }
  }

  @Override
  public void unbind(Generation next) {
    fresh.values().forEach(BoundListener::close);
    fresh.clear();
  }

  @Override
  public CompletableFuture<Moves> publish(Generation next) {
    long start = System.nanoTime();
    generation = next;
    CompletableFuture<Moves> done = new CompletableFuture<>();
    Gathered gathered = new Gathered(workers.size(), start, done);
    for (Worker worker : workers) {
      worker
          .loop()
          .execute(() ->
              worker
                  .loop()
                  .adopt(
                      next,
                      () -> worker.clusters().adopt(next),
                      (moving, slice) ->
                          gathered.add(moving.movedCount(), moving.fellBackCount(), slice)));
    }
    return done.thenApplyAsync(moves -> {
      listen(next);
      return moves;
    });
  }

  // Once all loops know the generation; the control thread waits meanwhile.
  private void listen(Generation next) {
    fresh.forEach((name, listener) -> {
      BoundListener old = bound.put(name, listener);
      if (old != null) {
        old.close();
      }
      listener.accept();
    });
    fresh.clear();
    bound
        .entrySet()
        .removeIf(entry -> {
          boolean gone = next.listener(entry.getKey()) == null;
          if (gone) {
            entry.getValue().close();
          }
          return gone;
        });
    listening.clear();
    listening.addAll(bound.values());
  }

  @Override
  public CompletableFuture<Void> drain(Duration most) {
    bound.values().forEach(BoundListener::close);
    workers.forEach(worker -> worker.loop().execute(() -> worker.loop().drain()));
    return CompletableFuture.runAsync(() -> awaitEmpty(most), Reactor::onItsOwnThread);
  }

  // Not on the common pool: it has one thread on two processors, and anybody may block it.
  private static void onItsOwnThread(Runnable work) {
    var _ = Thread.ofVirtual().name("osprey-reactor").start(work);
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
      worker
          .loop()
          .execute(() ->
              worker
                  .loop()
                  .forEach(connection -> {
                    if (connection.runsOn(extension)) {
                      connection.abort(why);
                    }
                  }));
    }
  }

  @Override
  public List<ListenerView> listeners() {
    Generation current = generation;
    List<ListenerView> views = new ArrayList<>();
    for (BoundListener listener : listening) {
      ListenerPlan plan = current.listener(listener.name());
      views.add(
          new ListenerView(
              listener.name(),
              listener.address().getAddress().getHostAddress(),
              listener.address().getPort(),
              plan == null ? "" : describe(plan.chain()),
              listener.openConnections()));
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
                  .orElse("");
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
              for (ClusterPlan plan : plans) {
                ClusterState state = worker.clusters().find(plan.index());
                counts.put(plan.name(), state == null ? new int[4] : state.counts());
              }
              return counts;
            })
        .thenApply(all -> plans.stream().map(plan -> sum(plan, all)).toList());
  }

  private static ClusterView sum(ClusterPlan plan, List<Map<String, int[]>> loops) {
    int[] total = new int[4];
    for (Map<String, int[]> counts : loops) {
      int[] mine = counts.getOrDefault(plan.name(), new int[4]);
      for (int i = 0; i < total.length; i++) {
        total[i] += mine[i];
      }
    }
    return new ClusterView(
        plan.name(),
        plan.endpoints().stream().map(String::valueOf).toList(),
        total[0],
        total[1],
        total[2],
        total[3]);
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

  /** Opens all log files anew, for log rotation. */
  public void reopenLogs() {
    logFiles.reopen();
  }

  @Override
  public void close() {
    bound.values().forEach(BoundListener::close);
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
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
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
