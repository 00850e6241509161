package dev.osprey.host.io;

import dev.osprey.host.io.Listening.BindFailure;
import dev.osprey.host.plan.Generation;
import dev.osprey.host.plan.ListenerPlan;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The listeners of the process: those that accept, and those that are bound and wait until all
 * strands know their generation. Thread-safe.
 */
final class Listeners {
  private final Binding binding;
  private final Map<String, Listening> bound = new HashMap<>();
  private final Map<String, Listening> fresh = new HashMap<>();
  private final List<Listening> accepting = new CopyOnWriteArrayList<>();

  /** Makes listening sockets. */
  interface Binding {
    /**
     * Binds without accepting.
     *
     * @throws BindFailure when the address can't be had
     */
    Listening bind(ListenerPlan plan, InetSocketAddress address) throws BindFailure;
  }

  Listeners(Binding binding) {
    this.binding = binding;
  }

  /** Those that accept; any thread. */
  List<Listening> accepting() {
    return List.copyOf(accepting);
  }

  /**
   * Binds what a generation adds or changes; on failure everything is as before.
   *
   * @return why an address can't be bound; empty when all are
   */
  synchronized Optional<String> bind(Generation next) {
    Map<String, Listening> made = new HashMap<>();
    try {
      for (ListenerPlan plan : next.listeners()) {
        Listening known = fresh.getOrDefault(plan.name(), bound.get(plan.name()));
        if (known == null || !known.wanted().equals(plan.address())) {
          if (!isOurs(plan.address().getPort(), made.values())) {
            Ports.expectFree(plan.name(), plan.address());
          }
          made.put(plan.name(), binding.bind(plan, plan.address()));
        } else if (known.model() != plan.ioModel()) {
          made.put(plan.name(), binding.bind(plan, known.address()));
        }
      }
    } catch (BindFailure failure) {
      made.values().forEach(Listening::close);
      return Optional.of(String.valueOf(failure.getMessage()));
    }
    made.forEach((name, listener) -> {
      // What was bound for a generation that is overtaken before all knew it has never accepted.
      Listening overtaken = fresh.put(name, listener);
      if (overtaken != null) {
        overtaken.close();
      }
    });
    return Optional.empty();
  }

  private boolean isOurs(int port, Collection<Listening> made) {
    return Stream.of(made, bound.values(), fresh.values())
        .flatMap(Collection::stream)
        .anyMatch(listening -> listening.address().getPort() == port);
  }

  /** All strands know the generation: its new listeners accept, those that it lacks close. */
  synchronized void open(Generation known) {
    fresh.forEach((name, listener) -> {
      Listening old = bound.put(name, listener);
      if (known.listener(name) != null) {
        listener.accept();
      }
      if (old != null) {
        old.close();
      }
    });
    fresh.clear();
    bound
        .entrySet()
        .removeIf(entry -> {
          boolean gone = known.listener(entry.getKey()) == null;
          if (gone) {
            entry.getValue().close();
          }
          return gone;
        });
    accepting.clear();
    accepting.addAll(bound.values());
  }

  /** Gives all addresses up. */
  synchronized void close() {
    fresh.values().forEach(Listening::close);
    bound.values().forEach(Listening::close);
  }
}
