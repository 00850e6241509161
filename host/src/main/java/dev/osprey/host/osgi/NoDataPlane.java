package dev.osprey.host.osgi;

import dev.osprey.host.io.DataPlane;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Moves nothing: for a check. */
final class NoDataPlane implements DataPlane {
  @Override
  public List<Executor> strands() {
    return List.of();
  }

  @Override
  public int loops() {
    return 1;
  }

  @Override
  public Optional<String> bind(Generation next) {
    return Optional.empty();
  }

  @Override
  public CompletableFuture<Moves> publish(Generation next) {
    return CompletableFuture.completedFuture(new Moves(0, 0, 0, 0));
  }

  @Override
  public CompletableFuture<Void> drain(Duration most) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void evict(Extension extension) {}

  @Override
  public void reopenLogs() {}

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
