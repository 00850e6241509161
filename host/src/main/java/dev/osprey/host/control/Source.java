package dev.osprey.host.control;

import dev.osprey.host.config.Catalog;
import dev.osprey.host.config.Kind;
import dev.osprey.host.config.Offer;
import dev.osprey.host.deploy.Refusal;
import dev.osprey.spi.source.ConfigDocument;
import dev.osprey.spi.source.ConfigSource;
import dev.osprey.spi.source.ConfigSourceFactory;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** An open configuration source and whose code it runs. */
record Source(Offer offer, ConfigSource source) {
  /**
   * The offer that reads a location.
   *
   * @throws Refusal if there is none
   */
  static Offer choose(Catalog catalog, URI location) throws Refusal {
    List<Offer> sources =
        catalog.offers().stream().filter(offer -> offer.kind() == Kind.CONFIG).toList();
    for (Offer offer : sources) {
      ConfigSourceFactory factory = (ConfigSourceFactory) offer.extension().factory();
      if (Fence.call(offer.extension() + " threw", () -> factory.accepts(location))) {
        return offer;
      }
    }
    throw new Refusal(
        "no bundle offers a config extension that reads "
            + location
            + "; offered: "
            + sources.stream().map(Offer::name).toList());
  }

  /**
   * Opens a location.
   *
   * @throws Refusal if the bundle throws
   */
  static Source open(Offer offer, URI location) throws Refusal {
    ConfigSourceFactory factory = (ConfigSourceFactory) offer.extension().factory();
    return new Source(
        offer,
        Fence.call(
            offer.extension() + " threw when it opened " + location, () -> factory.open(location)));
  }

  /**
   * The document, when it has changed since the last call.
   *
   * @throws Refusal if the bundle throws
   */
  Optional<ConfigDocument> poll() throws Refusal {
    return Fence.call(offer.extension() + " threw when it was polled", source::poll);
  }

  /** Closes it; what it throws is of no interest any more. */
  void close() {
    Fence.run("close", source::close);
  }
}
