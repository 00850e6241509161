package dev.osprey.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The floors of the house hold. */
class ArchitectureTest {
  private static final String[] GROUND = {
    "java..", "io.netty.buffer..", "io.netty.util..", "org.slf4j..", "dev.osprey.spi.."
  };
  private static final String[] ANNOTATIONS = {
    "org.jspecify.annotations..", "org.osgi.annotation..", "com.google.errorprone.annotations.."
  };

  @Test
  void spiNeedsTheJdkBuffersLoggingAndAnnotationsOnly() {
    Rules.needsOnly("spi", and(GROUND, ANNOTATIONS)).check(House.spi());
  }

  @Test
  void spiKnowsNoChannel() {
    Rules.needsNone("spi", "io.netty.channel..", "io.netty.handler..").check(House.spi());
  }

  @Test
  void hostNeverKnowsABundle() {
    String[] bundles =
        House.bundles().values().stream()
            .flatMap(classes -> classes.stream())
            .map(type -> type.getPackageName())
            .distinct()
            .toArray(String[]::new);

    assertThat(bundles).contains("dev.osprey.codec.http1", "dev.osprey.router");
    Rules.needsNone("host", bundles).check(House.host());
  }

  @Test
  void aBundleNeedsTheContractsThePlatformAndItsOwnLibrariesOnly() {
    House.bundles()
        .forEach((name, classes) -> {
          String[] allowed =
              and(
                  House.platformPackages(),
                  ANNOTATIONS,
                  House.librariesOf(name),
                  new String[] {House.packageOf(name) + "..", "java..", "org.osgi.framework.."});
          Rules.needsOnly("bundle " + name, allowed).check(classes);
        });
  }

  @Test
  void aLibraryOfBundlesNeedsTheContractsAndThePlatformOnly() {
    assertThat(House.libraries()).containsKey("http-common");
    House.libraries()
        .forEach((name, classes) -> {
          String own = "dev.osprey." + name.replace('-', '.');
          String[] allowed =
              and(House.platformPackages(), ANNOTATIONS, new String[] {own, "java.."});
          Rules.needsOnly("library " + name, allowed).check(classes);
        });
  }

  @Test
  void bundlesThatShareALibraryEmbedIt() {
    assertThat(House.librariesOf("codec-http1")).contains("dev.osprey.http.common");
    assertThat(House.librariesOf("codec-http2")).contains("dev.osprey.http.common");
    assertThat(House.librariesOf("router")).doesNotContain("dev.osprey.http.common");
  }

  @Test
  void aBundleKeepsNothingOnThreads() {
    House.bundles().values().forEach(classes -> Rules.keepsNothingOnThreads().check(classes));
  }

  @Test
  void aBundleStartsNoThread() {
    House.bundles().values().forEach(classes -> Rules.startsNoThread().check(classes));
  }

  @Test
  void aBundleHasNoStaticState() {
    House.bundles().values().forEach(classes -> Rules.hasNoStaticState().check(classes));
  }

  @Test
  void everyMethodOfAContractSaysWhereItRuns() {
    Rules.saysWhereItRuns().check(House.spi());
  }

  @Test
  void everyBufferOfAContractIsOwnedOrBorrowed() {
    Rules.saysWhoOwnsBuffers().check(House.spi());
  }

  @Test
  void closedSetsOfTheContractsAreTheOnesThatWereAccepted() throws IOException {
    assertThat(String.join("\n", ClosedSets.of(House.spiClassNames())))
        .as("a new case or component is a new MAJOR of its package; if that is meant, copy this")
        .isEqualTo(accepted());
  }

  @Test
  void theHostCallsExtensionsInFences() {
    Rules.callsExtensionsInFences().check(House.host());
  }

  @Test
  void onlyFencesCatchThrowable() {
    assertThat(new Sources(House.allSources()).catchesOfThrowable()).isEmpty();
  }

  @Test
  void hostAndSpiSpeakNoProtocol() {
    assertThat(new Sources(House.sources("host", "spi/api")).protocolWords()).isEmpty();
  }

  @Test
  void whoeverSuppressesAWarningSaysWhy() {
    assertThat(House.tests()).isNotEmpty();
    assertThat(new Sources(House.allSources()).suppressionsWithoutReason()).isEmpty();
    assertThat(new Sources(House.tests()).suppressionsWithoutReason()).isEmpty();
  }

  @Test
  void noFileHasMoreThan500LinesOfCode() {
    assertThat(new Sources(House.allSources()).filesLongerThan(500)).isEmpty();
  }

  @Test
  void noMethodHasMoreThan60Lines() {
    assertThat(new Sources(House.allSources()).methodsLongerThan(60)).isEmpty();
  }

  private static String accepted() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ArchitectureTest.class.getResourceAsStream("spi-closed-sets.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static String[] and(String[]... groups) {
    return Stream.of(groups).flatMap(Stream::of).toArray(String[]::new);
  }
}
