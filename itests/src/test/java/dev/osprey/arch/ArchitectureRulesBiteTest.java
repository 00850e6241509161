package dev.osprey.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.osprey.arch.samples.BadBundle;
import dev.osprey.arch.samples.BadContract;
import dev.osprey.arch.samples.BadHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every rule of {@link ArchitectureTest} fails on a sample that breaks it. */
class ArchitectureRulesBiteTest {
  private static final JavaClasses BUNDLE = new ClassFileImporter().importClasses(BadBundle.class);
  private static final JavaClasses CONTRACT =
      new ClassFileImporter().importClasses(BadContract.class);

  private static final JavaClasses HOST = new ClassFileImporter().importClasses(BadHost.class);

  @TempDir private Path folder = Path.of("");

  @Test
  void aForeignPackageIsSeen() {
    bites(Rules.needsOnly("sample", "java..", "dev.osprey.."), BUNDLE, "io.netty.channel");
    bites(Rules.needsNone("sample", "io.netty.channel.."), BUNDLE, "ChannelOption");
  }

  @Test
  void whatHangsOnThreadsIsSeen() {
    bites(Rules.keepsNothingOnThreads(), BUNDLE, "KEPT");
    bites(Rules.startsNoThread(), BUNDLE, "ofVirtual");
    bites(Rules.startsNoThread(), BUNDLE, "runAsync");
  }

  @Test
  void anExtensionCalledWithoutAFenceIsSeen() {
    bites(Rules.callsExtensionsInFences(), HOST, "LoadBalancer.pick");
  }

  @Test
  void staticStateIsSeen() {
    bites(Rules.hasNoStaticState(), BUNDLE, "counter");
    bites(Rules.hasNoStaticState(), BUNDLE, "CACHE");
  }

  @Test
  void anUnmarkedContractIsSeen() {
    bites(Rules.saysWhereItRuns(), CONTRACT, "through");
    bites(Rules.saysWhoOwnsBuffers(), CONTRACT, "neither owned nor borrowed");
    bites(Rules.saysWhoOwnsBuffers(), CONTRACT, "whose buffer is returned");
  }

  @Test
  void aNewCaseOrComponentIsSeen() {
    assertThat(
            ClosedSets.of(
                List.of(BadContract.Value.class.getName(), BadContract.Choice.class.getName())))
        .containsExactly(
            "record dev.osprey.arch.samples.BadContract$Value(int number)",
            "sealed dev.osprey.arch.samples.BadContract$Choice permits"
                + " dev.osprey.arch.samples.BadContract$One");
  }

  @Test
  void aCatchOfThrowableIsSeenUnlessItIsAFence() throws IOException {
    Sources sources =
        sample(
            """
            class Sample {
              void a() { try { b(); } catch (Throwable any) { b(); } }
              void b() { try { a(); } catch (Exception some) { a(); } }
              static class ThisFence {
                void c() { try { c(); } catch (Throwable any) { c(); } }
              }
            }
            """);

    assertThat(sources.catchesOfThrowable()).singleElement().asString().contains("Sample.java:2");
  }

  @Test
  void aProtocolWordIsSeenAndAConfigurationKeyIsNot() throws IOException {
    Sources sources =
        sample(
            """
            class Sample {
              // "HTTP/1.1" in a comment is none
              String key = "http_protocol_options";
              String type = "envoy.filters.network.http_connection_manager";
              String version = "HTTP/1.1";
              String field = "content-length";
              String request = "GET / ";
              String end = "\\r\\n";
            }
            """);

    assertThat(sources.protocolWords())
        .extracting(found -> found.replaceAll("(?s).*Sample.java:(\\d+).*", "$1"))
        .containsExactly("5", "6", "7", "8");
  }

  @Test
  void aSuppressionWithoutReasonIsSeen() throws IOException {
    Sources sources =
        sample(
            """
            @SuppressWarnings("a") // because
            class Sample {
              // because
              @SuppressWarnings("b")
              int b;
              @SuppressWarnings({
                "c",
                "d"
              }) // because
              int c;
              /** Javadoc is no reason. */
              @SuppressWarnings("e")
              int e;
              @SuppressWarnings("f") int f; // this is about the field
              @java.lang.SuppressWarnings("g")
              int g;
            }
            """);

    assertThat(sources.suppressionsWithoutReason())
        .extracting(found -> found.replaceAll("(?s).*Sample.java:(\\d+).*", "$1"))
        .containsExactly("12", "14", "15");
  }

  @Test
  void longFilesAndMethodsAreSeen() throws IOException {
    String body = "    int a = 1;\n".repeat(59);
    Sources sources = sample("class Sample {\n  void m() {\n" + body + "  }\n}\n");

    assertThat(sources.methodsLongerThan(60)).singleElement().asString().contains("61 lines");
    assertThat(sources.methodsLongerThan(61)).isEmpty();
    assertThat(sources.filesLongerThan(62)).singleElement().asString().contains("63 lines");
    assertThat(sources.filesLongerThan(63)).isEmpty();
  }

  private static void bites(ArchRule rule, JavaClasses sample, String why) {
    assertThatThrownBy(() -> rule.check(sample))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(why);
  }

  private Sources sample(String text) throws IOException {
    return new Sources(List.of(Files.writeString(folder.resolve("Sample.java"), text)));
  }
}
