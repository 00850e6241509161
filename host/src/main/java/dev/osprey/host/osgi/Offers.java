package dev.osprey.host.osgi;

import dev.osprey.host.config.Kind;
import dev.osprey.host.config.Offer;
import dev.osprey.host.control.Fence;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.Factory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleRevision;

/** Asks started bundles for their factories, and gives the services back. */
final class Offers {
  private static final String NAMESPACE = "dev.osprey.extension";
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long LOOK_NANOS = 5_000_000;

  private final BundleContext context;
  private final int loops;
  private final Map<Long, List<ServiceReference<?>>> taken = new ConcurrentHashMap<>();

  Offers(BundleContext context, int loops) {
    this.context = context;
    this.loops = loops;
  }

  /**
   * What a bundle offers; waits for the services that its capabilities promise.
   *
   * @throws Refusal if they do not come, or a factory throws
   */
  List<Offer> of(Bundle bundle, String hash) throws Refusal {
    Set<String> promised = promised(bundle);
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (true) {
        List<Offer> found = registered(bundle, hash);
        Set<String> there = found.stream().map(Offer::id).collect(Collectors.toSet());
        if (there.containsAll(promised) && !there.isEmpty()) {
          return found;
        }
        release(bundle.getBundleId());
        if (System.nanoTime() > end) {
          throw new Refusal(
              "it promises " + promised + " but has registered " + there + " after " + PATIENCE);
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } catch (Refusal refusal) {
      release(bundle.getBundleId());
      throw refusal;
    }
  }

  /** Gives back the services of a bundle. */
  void release(long bundleId) {
    List<ServiceReference<?>> references = taken.remove(bundleId);
    if (references != null) {
      references.forEach(context::ungetService);
    }
  }

  private static Set<String> promised(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision == null) {
      return Set.of();
    }
    return revision.getDeclaredCapabilities(NAMESPACE).stream()
        .map(it -> it.getAttributes().get("kind") + "/" + it.getAttributes().get("name"))
        .collect(Collectors.toSet());
  }

  private List<Offer> registered(Bundle bundle, String hash) throws Refusal {
    List<Offer> found = new ArrayList<>();
    ServiceReference<?>[] references = bundle.getRegisteredServices();
    if (references == null) {
      return found;
    }
    for (ServiceReference<?> reference : references) {
      for (Kind kind : kinds(reference)) {
        Offer offer = offer(kind, reference, hash);
        if (offer != null) {
          found.add(offer);
        }
      }
    }
    return found;
  }

  private List<Kind> kinds(ServiceReference<?> reference) {
    List<String> classes = List.of((String[]) reference.getProperty("objectClass"));
    return Stream.of(Kind.values())
        .filter(kind -> classes.contains(kind.type().getName()))
        .filter(kind -> reference.isAssignableTo(context.getBundle(), kind.type().getName()))
        .toList();
  }

  private @org.jspecify.annotations.Nullable Offer offer(
      Kind kind, ServiceReference<?> reference, String hash) throws Refusal {
    Object service = Fence.call("its service can't be had", () -> context.getService(reference));
    if (service == null) {
      return null;
    }
    Bundle bundle = reference.getBundle();
    taken.computeIfAbsent(bundle.getBundleId(), _ -> new ArrayList<>()).add(reference);
    Factory factory = kind.type().cast(service);
    String name =
        Fence.call(
            "it threw when it was asked for its name",
            () -> Objects.requireNonNull(factory.name()));
    List<String> types =
        Fence.call(
            "it threw when it was asked for its types", () -> List.copyOf(factory.configTypes()));
    Extension extension =
        Fence.call(
            "it threw when it was asked for its name again",
            () ->
                new Extension(
                    kind.label(),
                    factory,
                    bundle.getSymbolicName(),
                    bundle.getVersion().toString(),
                    bundle.getBundleId(),
                    hash,
                    loops));
    return new Offer(kind, name, types, extension);
  }
}
