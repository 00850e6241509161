package dev.osprey.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problems;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HostTablePropertyTest {
  @Property(tries = 2000)
  void findsWhatALinearSearchFinds(
      @ForAll("domains") Set<String> domains, @ForAll("hosts") String authority) {
    List<VirtualHost> hosts = new ArrayList<>();
    for (String text : domains) {
      hosts.add(new VirtualHost(List.of(domain(text)), new Route[0]));
    }
    byte[] bytes = ("<" + authority + ">").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(new HostTable(hosts).find(bytes, 1, bytes.length - 1))
        .isSameAs(naive(hosts, authority.toLowerCase(Locale.ROOT)));
  }

  /** Every domain is tried; the best by kind, by a named port, by length. */
  private static VirtualHost naive(List<VirtualHost> hosts, String authority) {
    return hosts.stream()
        .filter(host -> fits(host.domains().getFirst(), authority))
        .min(
            Comparator.<VirtualHost, Domain.Kind>comparing(h -> h.domains().getFirst().kind())
                .thenComparing(h -> !h.domains().getFirst().namesPort())
                .thenComparingInt(h -> -h.domains().getFirst().text().length()))
        .orElse(null);
  }

  private static boolean fits(Domain domain, String authority) {
    String host = authority.replaceFirst(":\\d*$", "");
    String text = domain.text();
    if (domain.namesPort() && host.equals(authority)) {
      return false;
    }
    String asked = domain.namesPort() ? authority : host;
    boolean longer = asked.length() > text.length();
    return switch (domain.kind()) {
      case EXACT -> asked.equals(text);
      case SUFFIX -> longer && asked.endsWith(text);
      case PREFIX -> longer && asked.startsWith(text);
      case ANY -> true;
    };
  }

  private static Domain domain(String text) {
    Problems problems = new Problems();
    return Domain.from(ConfigNode.scalar(text, new Position("test", 0, 0), "", problems));
  }

  @Provide
  Arbitrary<Set<String>> domains() {
    Arbitrary<String> host = hosts().map(text -> text.toLowerCase(Locale.ROOT));
    Arbitrary<String> some =
        Arbitraries.oneOf(
            host.filter(text -> !text.isEmpty()),
            host.map(text -> "*" + text),
            host.map(text -> text + "*"));
    return some.set().ofMaxSize(30);
  }

  @Provide
  Arbitrary<String> hosts() {
    return Arbitraries.strings().withChars("aB.-:1").ofMaxLength(8);
  }
}
