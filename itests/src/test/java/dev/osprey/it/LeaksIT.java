package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.it.bundle.LeaksBuffers;
import dev.osprey.it.harness.Archive;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.JarForge;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That an instance under test leaks nothing is no empty word: one that leaks is found out. */
class LeaksIT {
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
  void aSingleBufferThatABundleForgetsIsFound() {
    int port = Ports.free();
    try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
      Config config =
          Config.empty()
              .withHttp("http", port, "app", Config.Codec.HTTP1, FILTERS)
              .withCluster("app", upstream.port());
      Osprey osprey =
          Osprey.start(Archive.shared(), config, List.of(leaking()), Osprey.WATCHING_BUFFERS);
      osprey.assertNoLeaks(() -> ask(port, "/fine"));
      ask(port, "/leak");

      assertThatThrownBy(() -> osprey.assertNoLeaks(() -> ask(port, "/fine")))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("LEAK");
      assertThatThrownBy(osprey::close)
          .as("nobody has to ask")
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("LEAK");
      assertThat(osprey.isAlive()).isFalse();
    }
  }

  private static void ask(int port, String path) {
    try (RawHttp client = RawHttp.connect(port)) {
      client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readMessage()).endsWith("ok");
    }
  }

  private static Path leaking() {
    return JarForge.of(Archive.shared().extension("osprey-stream-header-mutation"))
        .withVersion("1.9.9")
        .importing("io.netty.buffer")
        .startingBy(LeaksBuffers.class)
        .write();
  }
}
