package dev.osprey.testkit.toy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ToyMuxSocketTest {
  @Test
  void echoesOnManyStreamsAtOnce_overOneConnection() throws IOException, InterruptedException {
    try (ToyMuxUpstream upstream = new ToyMuxUpstream();
        ToyMuxClient client = new ToyMuxClient(upstream.address())) {
      assertThat(client.echoAll(300, 1_000)).isEmpty();
      assertThat(client.echoAll(50, 0)).isEmpty();
      assertThat(upstream.requests()).isEqualTo(350);
      assertThat(upstream.accepts()).isEqualTo(1);
    }
  }

  @Test
  void failsOpenCalls_whenTheServerGoes() throws IOException, InterruptedException {
    ToyMuxUpstream upstream = new ToyMuxUpstream();
    try (ToyMuxClient client = new ToyMuxClient(upstream.address())) {
      assertThat(client.echoAll(1, 10)).isEmpty();
      upstream.close();
      assertThat(client.echoAll(2, 10)).hasSize(2);
    }
  }
}
