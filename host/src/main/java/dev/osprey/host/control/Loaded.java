package dev.osprey.host.control;

import dev.osprey.host.config.Offer;
import dev.osprey.host.deploy.Content;
import java.util.List;

/**
 * A bundle that runs: installed beside all others, started, asked what it offers. Whoever drops the
 * last one of these lets the bundle's class loader go.
 *
 * @param bundleId its number in the framework
 */
public record Loaded(Content content, long bundleId, List<Offer> offers) {
  public Loaded {
    offers = List.copyOf(offers);
  }

  /** Its symbolic name. */
  public String symbolicName() {
    return content.symbolicName();
  }

  /** Its version. */
  public String version() {
    return content.version();
  }

  /** Everything open on it. */
  public int leases() {
    return offers.stream().mapToInt(offer -> offer.extension().leases()).sum();
  }

  @Override
  public String toString() {
    return symbolicName() + " " + version() + " (bundle " + bundleId + ")";
  }
}
