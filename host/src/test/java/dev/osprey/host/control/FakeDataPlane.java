package dev.osprey.host.control;

import dev.osprey.host.io.DataPlane;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Moves nothing, remembers everything. */
public final class FakeDataPlane implements DataPlane {
  public final List<Generation> published = new CopyOnWriteArrayList<>();
  public final List<Extension> evicted = new CopyOnWriteArrayList<>();
  public final AtomicInteger reopened = new AtomicInteger();
  public volatile @Nullable String bindFailure;
  public volatile @Nullable CompletableFuture<Moves> late;

  public Generation last() {
    return published.getLast();
  }

  @Override
  public List<Executor> strands() {
    return List.of(Runnable::run);
  }

  @Override
  public int loops() {
    return 1;
  }

  @Override
  public Optional<String> bind(Generation next) {
    return Optional.ofNullable(bindFailure);
  }

  @Override
  public CompletableFuture<Moves> publish(Generation next) {
    published.add(next);
    CompletableFuture<Moves> answer = late;
    if (answer != null) {
      return answer;
    }
    return CompletableFuture.completedFuture(new Moves(1, 0, 2000, 3000));
  }

  @Override
  public CompletableFuture<Void> drain(Duration most) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void evict(Extension extension) {
    evicted.add(extension);
  }

  @Override
  public void reopenLogs() {
    reopened.incrementAndGet();
  }

  @Override
  public List<ListenerView> listeners() {
    return List.of();
  }

  @Override
  public CompletableFuture<List<ConnectionView>> connections(int most) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletableFuture<List<ClusterView>> clusters() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public void close() {}
}
