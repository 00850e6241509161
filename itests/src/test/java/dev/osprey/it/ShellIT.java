package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Ctl;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Traffic;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Commands of the framework's shell on a bundle in use, under load: nothing is lost. */
class ShellIT {
  private Traffic traffic;
  private Osprey osprey;
  private String test = "";

  @BeforeEach
  void start(TestInfo info) {
    traffic = Traffic.start();
    osprey = traffic.osprey();
    test = info.getDisplayName();
  }

  @AfterEach
  void endWithoutLoss() {
    try (Traffic ending = traffic) {
      ending.awaitAnswers();
      ending.endWithoutLoss(test);
    }
  }

  @Test
  void listsBundlesAndKnowsTheCommandsOfThisInstance() {
    assertThat(shell("lb")).contains("Osprey codec: HTTP/1").contains("Active");
    assertThat(shell("listeners")).contains("http", "tcp");
    assertThat(shell("extensions")).contains("http1", "tcp_proxy", "router");
    assertThat(shell("clusters")).contains("app", "bytes");
    assertThat(shell("connections")).contains("downstream", "upstream");
    assertThat(shell("generations")).contains("in use");
    assertThat(shell("stats")).contains("rq_2xx");
    assertThat(shell("config dump")).contains("static_resources");
    assertThat(osprey.command("ctl", "lb").orFail().out()).contains("Osprey codec: HTTP/1");
  }

  @Test
  void stopAndStartOfABundleInUseLoseNothing() {
    long id = bundle("http1");
    shell("stop " + id);
    traffic.awaitAnswers();
    shell("start " + id);
    traffic.awaitAnswers();

    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @Test
  void stopOfTheTcpProxyAndTheRouterLosesNothing() {
    shell("stop " + bundle("tcp_proxy"));
    traffic.awaitAnswers();
    shell("stop " + bundle("router"));
    traffic.awaitAnswers();
  }

  @Test
  void updateOfABundleInUseLosesNothing() {
    Path next = Builds.codec("1.0.5");
    long before = osprey.reports().newest();
    shell("update " + bundle("http1") + " " + next.toUri());

    osprey.reports().awaitPublished(before, Builds.CODEC, "1.0.5");
    assertThat(traffic.servingVersion()).isEqualTo("1.0.5");
  }

  @Test
  void installAndStartOfTheNextBuildAndUninstallOfItLoseNothing() {
    long before = osprey.reports().newest();
    String installed = shell("install " + Builds.codec("1.0.5").toUri());
    String id = installed.replaceAll("(?s).*?(\\d+).*", "$1");
    shell("start " + id);
    long started = osprey.reports().awaitPublished(before, Builds.CODEC, "1.0.5").number();
    assertThat(traffic.servingVersion()).isEqualTo("1.0.5");

    shell("uninstall " + id);
    traffic.awaitAnswers();
    osprey
        .reports()
        .awaitAfter(
            started, "the system's build is back", it -> it.to(Builds.CODEC).equals("1.0.0"));
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
  }

  @Test
  void refreshOfABundleInUseLosesNothing() {
    shell("refresh " + bundle("http1"));
    traffic.awaitAnswers();
    shell("refresh " + bundle("tcp_proxy"));
    traffic.awaitAnswers();
  }

  @Test
  void swapAndBackAndDeployAreCommandsToo() {
    assertThat(shell("swap http1")).contains("1.0.0");
    assertThat(shell("swap http1 --no-rehearsal")).contains("1.0.0");
    assertThat(osprey.reports().all().getLast().rehearsal()).isNotEqualTo("done");
    assertThat(shell("deploy " + Builds.codec("1.0.7"))).contains("1.0.7");
    assertThat(traffic.servingVersion()).isEqualTo("1.0.7");
    assertThat(shell("back http1")).contains("1.0.0");
    assertThat(traffic.servingVersion()).isEqualTo("1.0.0");
    assertThat(osprey.ctl().shell("swap nonsense").exit()).isPositive();
  }

  private String shell(String line) {
    Ctl.Answer answer = osprey.ctl().shell(line);
    assertThat(answer.exit()).as("%s: %s%s", line, answer.out(), answer.err()).isZero();
    return answer.out();
  }

  private long bundle(String extension) {
    for (JsonElement element : osprey.ctl().json("extensions").getAsJsonArray()) {
      JsonObject it = element.getAsJsonObject();
      if (it.get("name").getAsString().equals(extension)
          && !it.get("state").getAsString().equals("draining")) {
        return it.get("bundle").getAsLong();
      }
    }
    throw new AssertionError("no extension " + extension);
  }
}
