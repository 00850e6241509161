package dev.osprey.load;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One loop, an upstream that names a codec version, and a relay in front of it. */
final class Rig implements AutoCloseable {
  final Loop loop = Loop.start("rig");
  final Upstream upstream = Upstream.start(loop);
  final Relay relay = Relay.start(loop, upstream.address());

  Rig() {
    upstream.answerWith("x-osprey-codec", "http1/1.0.0");
  }

  SoakOptions options() {
    return SoakOptions.to(relay.address()).withConnections(8, 4).withRequestsPerConnection(50);
  }

  SoakReport runToEnd(SoakOptions options) {
    SoakClient client = SoakClient.start(loop, options);
    get(client.finished());
    return client.stop(Duration.ofSeconds(5));
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(20, TimeUnit.SECONDS).join();
  }

  static byte[] replaced(byte[] bytes, String what, String by) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return text.replace(what, by).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    loop.close();
  }
}
