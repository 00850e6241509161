package dev.osprey.host.stream;

import dev.osprey.host.health.EndpointHealth;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An endpoint of a cluster on one loop: how much is open on it, and its pools by codec. */
public final class Endpoint {
  private final InetSocketAddress address;
  private @Nullable EndpointHealth health;
  private final List<Pool> pools = new ArrayList<>(1);
  private int active;

  Endpoint(InetSocketAddress address) {
    this.address = address;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** What is known of its health from now on; null for nothing. */
  void health(@Nullable EndpointHealth known) {
    health = known;
  }

  boolean isHealthy() {
    EndpointHealth known = health;
    return known == null || known.isHealthy();
  }

  /** A request or a connection was sent its way. */
  void entered() {
    active++;
  }

  /** One that was sent its way is over; once for each. */
  public void left() {
    active--;
  }

  int active() {
    return active;
  }

  List<Pool> pools() {
    return pools;
  }

  /** The pool of a codec slot; null when there is none yet. */
  @Nullable Pool pool(String slotName) {
    for (int i = 0; i < pools.size(); i++) {
      Pool pool = pools.get(i);
      if (pool.slotName().equals(slotName)) {
        return pool;
      }
    }
    return null;
  }
}
