package dev.osprey.host.config;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All that the chosen bundles offer; where a configuration's type URLs find their extensions. */
public final class Catalog {
  private final List<Offer> offers;

  /** A catalog of these offers. */
  public Catalog(Collection<Offer> offers) {
    this.offers = offers.stream().sorted(Comparator.comparing(Offer::id)).toList();
  }

  /** All offers, by kind and name. */
  public List<Offer> offers() {
    return offers;
  }

  /** The offers of a kind that read a type, by name. */
  List<Offer> reading(Kind kind, String type) {
    return of(kind, offer -> offer.types().contains(type));
  }

  /** The one offer that reads a type; otherwise a problem of {@code at}. */
  Optional<Offer> find(Kind kind, String type, ConfigNode at) {
    return only(kind, reading(kind, type), "\"" + type + "\"", at);
  }

  /** The one offer of that name that reads a type; otherwise a problem of {@code at}. */
  Optional<Offer> find(Kind kind, String type, String name, ConfigNode at) {
    List<Offer> named =
        of(kind, offer -> offer.types().contains(type) && offer.name().equals(name));
    return only(kind, named, "\"" + name + "\" for \"" + type + "\"", at);
  }

  private Optional<Offer> only(Kind kind, List<Offer> found, String wanted, ConfigNode at) {
    if (found.size() == 1) {
      return Optional.of(found.getFirst());
    }
    at.say(found.isEmpty() ? missing(kind, wanted) : ambiguous(kind, wanted, found));
    return Optional.empty();
  }

  private String missing(Kind kind, String wanted) {
    List<Offer> others = of(kind, offer -> true);
    List<String> types =
        others.stream().flatMap(offer -> offer.types().stream()).distinct().toList();
    List<String> known = new ArrayList<>();
    others.forEach(offer -> known.add(offer.name() + " " + offer.types()));
    if (kind == Kind.NETWORK) {
      types = Stream.concat(ChainReader.TYPES.stream(), types.stream()).toList();
      known.addAll(ChainReader.TYPES);
    }
    String offered =
        known.isEmpty()
            ? "no bundle of that kind is there"
            : "offered: " + String.join(", ", known);
    return "no bundle offers the "
        + kind.label()
        + " extension "
        + wanted
        + "; "
        + offered
        + nearest(wanted.replace("\"", ""), types);
  }

  /** Types are long and much alike: only one whose last word is nearly the same can be meant. */
  private static String nearest(String wanted, List<String> types) {
    String word = lastWord(wanted);
    return Nearest.hint(
        wanted,
        types.stream().filter(it -> Nearest.to(word, List.of(lastWord(it))).isPresent()).toList());
  }

  private static String lastWord(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  private static String ambiguous(Kind kind, String wanted, List<Offer> found) {
    return "several bundles offer the "
        + kind.label()
        + " extension "
        + wanted
        + ": "
        + String.join(", ", found.stream().map(offer -> offer.extension().toString()).toList());
  }

  private List<Offer> of(Kind kind, Predicate<Offer> test) {
    return offers.stream().filter(offer -> offer.kind() == kind && test.test(offer)).toList();
  }
}
