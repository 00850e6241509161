package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.bundle.HoldsAnswers;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import dev.osprey.it.harness.ScriptedUpstream.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * An answer that a filter holds while its HTTP/1 codec is done with it: the connection it came on
 * is not given to another request before the answer has passed.
 */
class HeldAnswerIT {
  private static final int CLIENTS = 12;
  private static final int REQUESTS = 10;
  private static final String FILTERS =
      """
      http_filters:
        - name: envoy.filters.http.header_mutation
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
            mutations: {}
        - name: envoy.filters.http.router
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
      """;

  @Test
  void everybodyGetsTheOwnAnswer_whileOthersAreHeld() {
    int port = Ports.free();
    try (ScriptedUpstream upstream = ScriptedUpstream.start().answering(HeldAnswerIT::echo)) {
      Config config =
          Config.empty()
              .withHttp("http", port, "app", Config.Codec.HTTP1, FILTERS)
              .withCluster("app", upstream.port());
      try (Osprey osprey =
          Osprey.start(Archive.shared(), config, List.of(holding()), Osprey.WATCHING_BUFFERS)) {
        List<CompletableFuture<List<String>>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          String name = (i % 2 == 0 ? "/held/" : "/other/") + i;
          clients.add(
              CompletableFuture.supplyAsync(() -> ask(port, name), Thread::startVirtualThread));
        }
        for (CompletableFuture<List<String>> client : clients) {
          assertThat(client.join()).isEmpty();
        }
        assertThat(upstream.accepted()).as("connections are used again").isLessThan(3 * CLIENTS);
        osprey.assertNoLeaks(() -> assertThat(ask(port, "/held/last")).isEmpty());
        assertThat(osprey.stop()).isZero();
      }
    }
  }

  /** Asks on one connection, again and again; answers that are not those to the own requests. */
  private static List<String> ask(int port, String name) {
    List<String> wrong = new ArrayList<>();
    try (RawHttp client = RawHttp.connect(port)) {
      for (int i = 0; i < REQUESTS; i++) {
        String path = name + "/" + i;
        String answer = client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
        if (RawHttp.status(answer) != 200 || !answer.endsWith("\r\n\r\n" + path)) {
          wrong.add(path + ": " + answer);
        }
      }
    }
    return wrong;
  }

  private static Answer echo(String request) {
    String path = request.split(" ", 3)[1];
    return Answer.of("HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
  }

  private static Path holding() {
    return JarForge.of(Archive.shared().extension("osprey-stream-header-mutation"))
        .withVersion("1.9.9")
        .startingBy(HoldsAnswers.class)
        .write();
  }
}
