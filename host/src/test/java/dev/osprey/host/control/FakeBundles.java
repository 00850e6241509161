package dev.osprey.host.control;

import dev.osprey.host.config.Kind;
import dev.osprey.host.config.Offer;
import dev.osprey.host.deploy.Content;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.Factory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A framework in which every bundle of a symbolic name runs the factory that a test gives. */
final class FakeBundles implements Bundles {
  final Map<Long, Loaded> live = new ConcurrentHashMap<>();
  volatile boolean full;
  final Map<String, String> refusals = new ConcurrentHashMap<>();
  private final Map<String, Kind> kinds = new HashMap<>();
  private final Map<String, Function<Content, Factory>> factories = new HashMap<>();
  private final AtomicLong ids = new AtomicLong();

  void offer(String symbolicName, Kind kind, Function<Content, Factory> factory) {
    kinds.put(symbolicName, kind);
    factories.put(symbolicName, factory);
  }

  @Override
  public Loaded load(Content content) throws Refusal {
    if (full) {
      throw new Refusal("no space left on the device").passing();
    }
    String refusal = refusals.get(content.version());
    if (refusal != null) {
      throw new Refusal(refusal);
    }
    Loaded loaded = loaded(content, ids.incrementAndGet());
    live.put(loaded.bundleId(), loaded);
    return loaded;
  }

  private Loaded loaded(Content content, long id) {
    Kind kind = kinds.get(content.symbolicName());
    Factory factory = factories.get(content.symbolicName()).apply(content);
    Extension extension =
        new Extension(
            kind.label(),
            factory,
            content.symbolicName(),
            content.version(),
            id,
            content.hash(),
            1);
    Offer offer = new Offer(kind, factory.name(), factory.configTypes(), extension);
    return new Loaded(content, id, List.of(offer));
  }

  @Override
  public Loaded adopt(Content content, long bundleId) {
    return loaded(content, bundleId);
  }

  @Override
  public void unload(Loaded loaded) {
    live.remove(loaded.bundleId());
  }

  @Override
  public void letGo(Loaded loaded) {
    live.remove(loaded.bundleId());
  }

  @Override
  public byte[] snapshot(long bundleId) throws Refusal {
    throw new Refusal("nothing");
  }

  @Override
  public boolean exists(long bundleId) {
    return live.containsKey(bundleId);
  }

  @Override
  public boolean isActive(long bundleId) {
    return live.containsKey(bundleId);
  }
}
