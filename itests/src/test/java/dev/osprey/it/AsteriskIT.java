package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp;
import dev.osprey.it.harness.ScriptedUpstream;
import org.junit.jupiter.api.Test;

/** {@code OPTIONS *} through the archive (RFC 9112, 3.2.4). */
class AsteriskIT {
  @Test
  void asteriskGoesOnAsItCame_andOnlyWithOptions() {
    int port = Ports.free();
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        Osprey osprey = Osprey.start(Config.http(port, upstream.port()));
        RawHttp client = RawHttp.connect(port)) {
      for (String target : new String[] {"*", "http://x"}) {
        String answer =
            client.send("OPTIONS " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
        assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("ok");
        assertThat(upstream.messages().getLast()).startsWith("OPTIONS * HTTP/1.1\r\nhost: x\r\n");
      }
      assertThat(client.send("GET * HTTP/1.1\r\nHost: x\r\n\r\n").readMessage())
          .startsWith("HTTP/1.1 400 ");
      assertThat(upstream.messages()).hasSize(2);
      assertThat(osprey.stop()).isZero();
    }
  }
}
