package dev.osprey.host.control;

import dev.osprey.host.config.Offer;
import dev.osprey.host.plan.Extension;
import dev.osprey.host.plan.Generation;
import dev.osprey.spi.source.ConfigDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What people ask the kernel about; any thread. */
public final class Views {
  private final Publisher publisher;
  private final Retirement retirement;
  private final Swapper swapper;

  Views(Publisher publisher, Retirement retirement, Swapper swapper) {
    this.publisher = publisher;
    this.retirement = retirement;
    this.swapper = swapper;
  }

  /**
   * An extension.
   *
   * @param state {@code active}, {@code idle} (nothing in the configuration names it) or {@code
   *     draining}
   * @param failures exceptions that the fence caught
   */
  public record ExtensionView(
      String name,
      String kind,
      String version,
      String state,
      int leases,
      long bundleId,
      String symbolicName,
      long failures) {}

  /** The extensions in use and those on their way out. */
  public List<ExtensionView> extensions() {
    Running running = publisher.running();
    List<ExtensionView> views = new ArrayList<>();
    for (Offer offer : running.catalog().offers()) {
      views.add(view(offer, isUsed(running, offer.extension()) ? "active" : "idle"));
    }
    for (Loaded loaded : retirement.all()) {
      loaded.offers().forEach(offer -> views.add(view(offer, "draining")));
    }
    views.sort(Comparator.comparing(ExtensionView::kind).thenComparing(ExtensionView::name));
    return views;
  }

  /**
   * What the fence caught since the start of the process, by name and version; zeros are left out.
   */
  public Map<String, Long> failures() {
    Map<String, Long> all = new TreeMap<>(retirement.failures());
    Stream.concat(
            publisher.running().catalog().offers().stream(),
            retirement.all().stream().flatMap(loaded -> loaded.offers().stream()))
        .map(Offer::extension)
        .forEach(it -> all.merge(it.failureCounter(), it.failures(), Long::sum));
    all.values().removeIf(count -> count == 0);
    return all;
  }

  /** The generation in use. */
  public Generation generation() {
    return publisher.running().generation();
  }

  /** The configuration in use. */
  public Optional<ConfigDocument> document() {
    return Optional.ofNullable(publisher.running().document());
  }

  /** Old versions that are still there, those with leases first. */
  public List<Lingering> lingering() {
    return retirement.lingering();
  }

  /** Class loaders of old versions that are not collected yet. */
  public int loadersWaiting() {
    return retirement.loadersWaiting();
  }

  /** True while a change is being made. */
  public boolean isChanging() {
    return swapper.turn().isLocked();
  }

  private static boolean isUsed(Running running, Extension extension) {
    Source source = running.source();
    return running.generation().extensions().contains(extension)
        || (source != null && source.offer().extension() == extension);
  }

  private static ExtensionView view(Offer offer, String state) {
    Extension extension = offer.extension();
    return new ExtensionView(
        offer.name(),
        offer.kind().label(),
        extension.version(),
        state,
        extension.leases(),
        extension.bundleId(),
        extension.symbolicName(),
        extension.failures());
  }
}
