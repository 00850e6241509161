package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.osprey.it.harness.Builds;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.Programs;
import dev.osprey.it.harness.Scratch;
import dev.osprey.it.harness.Site;
import dev.osprey.it.harness.WebSocketUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A browser loads a page with all that belongs to it through the archive, across swaps. */
class BrowserIT {
  private static final int SWAPS = 4;
  private static final Duration BOUND = Duration.ofSeconds(90);

  /**
   * The page fetches numbers on several connections and talks over a WebSocket until it has seen
   * each codec version in its turn; what it found stands in its document.
   */
  @Test
  void aPageWithAllItsPartsLoadsAcrossSwapsOfTheCodec() throws Exception {
    assumeTrue(
        Programs.isThere("chromium"),
        "skipped: no browser here; build/test installs Debian's chromium where it can");
    int http = Ports.free();
    int chat = Ports.free();
    try (Site site = Site.start(page(chat));
        WebSocketUpstream sockets = WebSocketUpstream.start();
        Osprey osprey =
            Osprey.start(
                Config.http(http, site.port())
                    .withHttp("chat", chat, "sockets")
                    .withCluster("sockets", sockets.port()))) {
      CompletableFuture<String> dom =
          CompletableFuture.supplyAsync(() -> load("http://127.0.0.1:" + http + "/index.html"));
      for (int i = 1; i <= SWAPS; i++) {
        awaitNumbers(site, dom);
        long before = osprey.reports().newest();
        osprey.drop(Builds.codec("1.0." + i % 2));
        osprey.reports().awaitPublished(before, Builds.CODEC, "1.0." + i % 2);
      }
      String document = dom.get(BOUND.toSeconds(), TimeUnit.SECONDS);

      assertThat(document)
          .contains("<li id=\"style\">rgb(1, 2, 3)</li>")
          .contains("<li id=\"images\">8 of 8</li>")
          .contains("<li id=\"echo\">300000</li>")
          .contains("<li id=\"versions\">http1/1.0.0 http1/1.0.1 http1/1.0.0 http1/1.0.1")
          .contains("<li id=\"problems\">0</li>");
      assertThat(number(document, "fetched")).isEqualTo(site.numbers()).isGreaterThan(100);
      assertThat(number(document, "messages")).isGreaterThan(20);
      assertThat(number(document, "pushed")).isGreaterThan(20);
      assertThat(sockets.problems()).isEmpty();
      System.out.printf(
          "Chromium, %d swaps: %d fetched, %d messages%n",
          SWAPS, number(document, "fetched"), number(document, "messages"));
      assertThat(osprey.stop()).isZero();
    }
  }

  private static void awaitNumbers(Site site, CompletableFuture<String> dom) {
    int from = site.numbers();
    await("the page fetches")
        .atMost(Duration.ofSeconds(40))
        .until(() -> dom.isDone() || site.numbers() > from + 20);
    assertThat(dom.isDone()).as("the page is done too early: %s", dom).isFalse();
  }

  private static String load(String url) {
    String browser = Programs.find("chromium", "chromium");
    Path folder = Scratch.folder("browser");
    return Programs.run(
            folder,
            BOUND,
            List.of(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-proxy-server",
                "--no-first-run",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom",
                url))
        .orFail()
        .out();
  }

  private static int number(String document, String item) {
    String text = document.replaceAll("(?s).*<li id=\"" + item + "\">(\\d+)</li>.*", "$1");
    assertThat(text).as("%s in %s", item, document).matches("\\d+");
    return Integer.parseInt(text);
  }

  private static Map<String, String> page(int chat) throws IOException {
    return Map.of(
        "/index.html", resource("index.html"),
        "/style.css", "#style { color: rgb(1, 2, 3); }",
        "/page.js",
            resource("page.js").replace("CHAT_PORT", "" + chat).replace("SWAPS", "" + SWAPS));
  }

  private static String resource(String name) throws IOException {
    try (var in = Objects.requireNonNull(BrowserIT.class.getResourceAsStream("/site/" + name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
