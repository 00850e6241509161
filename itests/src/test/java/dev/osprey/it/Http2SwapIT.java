package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Hpack;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.RawHttp2;
import dev.osprey.it.harness.RawHttp2.Frame;
import dev.osprey.it.harness.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The codec is exchanged at the worst moments, with peers made of frames on both sides: inside
 * field blocks and frames, while windows are used up, between the two steps of a goodbye.
 */
class Http2SwapIT {
  private static final int MOST = Integer.MAX_VALUE;
  private static final int FRONT = Ports.free();
  private static final int SHORT_LIVED = Ports.free();
  private static final List<ServerSocket> SERVERS =
      IntStream.range(0, 7).mapToObj(_ -> server()).toList();
  private static final Osprey OSPREY = Osprey.start(config());

  private static ServerSocket server() {
    try {
      return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Path {@code /N} goes to the upstream of that number. */
  private static Config config() {
    Config config = Config.empty();
    String[] routes = new String[SERVERS.size()];
    for (int i = 0; i < routes.length; i++) {
      routes[i] = "match: { prefix: /%d }, route: { cluster: raw%d }".formatted(i, i);
    }
    config.withManager("front", FRONT, "", routes);
    String brief = "common_http_protocol_options: { max_connection_duration: 1s }";
    config.withManager("short", SHORT_LIVED, brief, routes);
    for (int i = 0; i < SERVERS.size(); i++) {
      String http2 = Config.speaking("http2_protocol_options");
      config.withCluster("raw" + i, http2, SERVERS.get(i).getLocalPort());
    }
    return config;
  }

  @AfterAll
  static void end() throws IOException {
    assertThat(OSPREY.stop()).isZero();
    for (ServerSocket server : SERVERS) {
      server.close();
    }
  }

  private static void swap() {
    long before = OSPREY.reports().newest();
    var _ = OSPREY.ctl().run("swap", "http2", "--no-rehearsal").orFail();
    assertThat(OSPREY.reports().after(before))
        .isNotEmpty()
        .allMatch(Report::isPublished)
        .allMatch(report -> report.fellBack() == 0)
        .allMatch(report -> report.connectionsMoved() > 0)
        .allMatch(report -> report.publishMillis() < 1000);
  }

  private static byte[] random(int bytes) {
    byte[] all = new byte[bytes];
    new Random(bytes).nextBytes(all);
    return all;
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private static byte[] join(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(it -> it.length).sum()];
    int at = 0;
    for (byte[] each : parts) {
      System.arraycopy(each, 0, all, at, each.length);
      at += each.length;
    }
    return all;
  }

  private static void assertNothingWasEnded(RawHttp2... peers) {
    for (RawHttp2 peer : peers) {
      assertThat(peer.count(RawHttp2.GOAWAY)).isZero();
      assertThat(peer.count(RawHttp2.RST_STREAM)).isZero();
    }
  }

  private static byte[] get(String path) {
    return Hpack.literals(":method", "GET", ":scheme", "http", ":path", path, ":authority", "a");
  }

  @Test
  void insideFieldBlocksAndFrames_ofTheClient() {
    byte[] block = join(get("/0"), Hpack.indexing("x-one", "first"), Hpack.literals("x-two", "2"));
    byte[] next = join(get("/0"), Hpack.indexed(62));
    byte[] whole = RawHttp2.frame(RawHttp2.HEADERS, 5, 3, next);
    byte[] body = random(1000);
    byte[] frame = RawHttp2.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 5, body);
    try (RawHttp2 client = RawHttp2.connect(FRONT)) {
      client.sendAndAwaitRead(
          RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, part(block, 0, 7)));
      swap();
      int cut = block.length - 11;
      client.send(RawHttp2.frame(RawHttp2.CONTINUATION, 0, 1, part(block, 7, cut)));
      swap();
      client.send(
          RawHttp2.frame(
              RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, 1, part(block, cut, block.length)));
      try (RawHttp2 upstream = RawHttp2.accept(SERVERS.get(0))) {
        assertThat(upstream.awaitHead(1)).contains("x-one: first", "x-two: 2", ":path: /0");

        client.sendAndAwaitRead(part(whole, 0, 4));
        swap();
        client.send(part(whole, 4, 20));
        swap();
        client.send(part(whole, 20, whole.length));
        assertThat(upstream.awaitHead(3)).contains("x-one: first");

        client.request(5, false, "POST", "/0").sendAndAwaitRead(part(frame, 0, 309));
        swap();
        client.send(part(frame, 309, frame.length));
        assertThat(upstream.awaitBytes(body.length).body(5)).isEqualTo(body);

        for (int stream = 1; stream <= 5; stream += 2) {
          upstream.headers(stream, true, ":status", "204");
          assertThat(client.awaitHead(stream)).contains(":status: 204");
        }
        assertNothingWasEnded(client, upstream);
      }
    }
  }

  @Test
  void insideFieldBlocksAndFrames_ofTheUpstream() {
    byte[] block = join(Hpack.literals(":status", "200"), Hpack.indexing("x-one", "first"));
    byte[] body = random(5000);
    byte[] frame = RawHttp2.frame(RawHttp2.DATA, 0, 1, body);
    try (RawHttp2 client = RawHttp2.connect(FRONT)) {
      client.request(1, true, "GET", "/1").request(3, true, "GET", "/1");
      try (RawHttp2 upstream = RawHttp2.accept(SERVERS.get(1))) {
        var _ = upstream.awaitHead(3);
        upstream.sendAndAwaitRead(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, part(block, 0, 9)));
        swap();
        upstream.send(
            RawHttp2.frame(
                RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, 1, part(block, 9, block.length)));
        assertThat(client.awaitHead(1)).contains(":status: 200", "x-one: first");

        upstream.sendAndAwaitRead(part(frame, 0, 2000));
        swap();
        upstream.send(part(frame, 2000, frame.length));
        byte[] trailers = Hpack.indexed(62);
        upstream.send(RawHttp2.frame(RawHttp2.HEADERS, 5, 1, trailers));
        assertThat(client.awaitHead(1)).containsExactly("x-one: first");
        assertThat(client.body(1)).isEqualTo(body);

        upstream.headers(3, true, ":status", "204");
        assertThat(client.awaitHead(3)).contains(":status: 204");
        assertNothingWasEnded(client, upstream);
      }
    }
  }

  @Test
  void whileAnswersWaitForWindows() {
    byte[] one = random(100_000);
    byte[] two = random(90_000);
    try (RawHttp2 client = RawHttp2.connect(FRONT, RawHttp2.INITIAL_WINDOW_SIZE, 0)) {
      client.request(1, true, "GET", "/2").request(3, true, "GET", "/2");
      try (RawHttp2 upstream = RawHttp2.accept(SERVERS.get(2))) {
        var _ = upstream.awaitHead(3);
        upstream.headers(1, false, ":status", "200").data(1, one, true);
        upstream.headers(3, false, ":status", "200").data(3, two, true).inStep();
        swap();
        client.inStep().window(1, 10_000).awaitBytes(10_000);
        assertThat(client.body(1)).isEqualTo(part(one, 0, 10_000));

        swap();
        client.inStep().settings(RawHttp2.INITIAL_WINDOW_SIZE, 1_000_000).awaitBytes(65_535);
        swap();
        assertThat(client.inStep().body(1).length + client.body(3).length).isEqualTo(65_535);

        client.window(0, 1_000_000).awaitBytes(one.length + two.length);
        assertThat(client.body(1)).isEqualTo(one);
        assertThat(client.body(3)).isEqualTo(two);
        assertThat(client.seen().stream().filter(Frame::ends)).hasSize(2);
        assertNothingWasEnded(client, upstream);
      }
    }
  }

  @Test
  void whileUploadsWaitForWindows() {
    byte[] one = random(60_000);
    byte[] two = random(50_000);
    try (RawHttp2 client = RawHttp2.connect(FRONT)) {
      client.request(1, false, "POST", "/3").request(3, false, "POST", "/3");
      try (RawHttp2 upstream = RawHttp2.accept(SERVERS.get(3), RawHttp2.INITIAL_WINDOW_SIZE, 0)) {
        var _ = upstream.awaitHead(3);
        client.await(frame -> frame.is(RawHttp2.WINDOW_UPDATE, 0));
        client.data(1, one, true).data(3, two, true).inStep();
        swap();
        upstream.inStep().window(3, 5000).awaitBytes(5000);
        assertThat(upstream.body(3)).isEqualTo(part(two, 0, 5000));

        swap();
        upstream.inStep().settings(RawHttp2.INITIAL_WINDOW_SIZE, 1_000_000).awaitBytes(65_535);
        swap();
        assertThat(upstream.inStep().body(1).length + upstream.body(3).length).isEqualTo(65_535);

        upstream.window(0, 1_000_000).awaitBytes(one.length + two.length);
        assertThat(upstream.body(1)).isEqualTo(one);
        assertThat(upstream.body(3)).isEqualTo(two);
        for (int stream = 1; stream <= 3; stream += 2) {
          upstream.headers(stream, true, ":status", "204");
          assertThat(client.awaitHead(stream)).contains(":status: 204");
        }
        assertNothingWasEnded(client, upstream);
      }
    }
  }

  private static void sendByteByByte(RawHttp2 peer, byte[] body) {
    for (byte one : body) {
      peer.send(RawHttp2.frame(RawHttp2.DATA, 0, 1, new byte[] {one}));
    }
    var _ = peer.inStep();
  }

  @Test
  void whileBodiesOfSingleBytesWaitForWindows() {
    byte[] body = random(3_000);
    byte[] last = random(10);
    byte[] whole = join(body, body, last);
    try (RawHttp2 client = RawHttp2.connect(FRONT, RawHttp2.INITIAL_WINDOW_SIZE, 0)) {
      client.request(1, false, "POST", "/6");
      try (RawHttp2 upstream = RawHttp2.accept(SERVERS.get(6), RawHttp2.INITIAL_WINDOW_SIZE, 0)) {
        var _ = upstream.awaitHead(1);
        sendByteByByte(client, body);
        upstream.headers(1, false, ":status", "200");
        sendByteByByte(upstream, body);
        swap();
        upstream.window(1, 1_000_000).awaitBytes(body.length);
        client.window(1, 1_000_000).awaitBytes(body.length);

        sendByteByByte(client, body);
        sendByteByByte(upstream, body);
        client.data(1, last, true);
        assertThat(upstream.awaitBytes(whole.length).body(1)).isEqualTo(whole);
        // Not before: an answer that ends first ends the request too.
        upstream.data(1, last, true);
        assertThat(client.awaitBytes(whole.length).body(1)).isEqualTo(whole);
        assertNothingWasEnded(client, upstream);
      }
    }
  }

  @Test
  void betweenTheStepsOfOurGoodbye() {
    byte[] body = random(30_000);
    try (RawHttp2 client = RawHttp2.connect(SHORT_LIVED)) {
      client.request(1, false, "POST", "/4");
      try (RawHttp2 upstream = RawHttp2.accept(SERVERS.get(4))) {
        assertThat(client.await(it -> it.type() == RawHttp2.GOAWAY).number(0)).isEqualTo(MOST);
        Frame ping = client.await(it -> it.type() == RawHttp2.PING);
        swap();
        client.request(3, true, "GET", "/4").data(1, part(body, 0, 10_000), false);
        var _ = upstream.awaitHead(3);
        swap();
        client.send(RawHttp2.frame(RawHttp2.PING, RawHttp2.ACK, 0, ping.payload()));
        Frame last = client.await(it -> it.type() == RawHttp2.GOAWAY);
        assertThat(List.of(last.number(0), last.number(4))).containsExactly(3, 0);

        swap();
        client.data(1, part(body, 10_000, body.length), true);
        assertThat(upstream.awaitBytes(body.length).body(1)).isEqualTo(body);
        upstream.headers(3, true, ":status", "204");
        upstream.headers(1, false, ":status", "200").data(1, body, true);
        assertThat(client.awaitEnd()).as("closed in order").isTrue();
        assertThat(client.body(1)).isEqualTo(body);
        assertThat(client.seen().stream().filter(Frame::ends)).hasSize(2);
        assertThat(client.count(RawHttp2.RST_STREAM)).isZero();
      }
    }
  }

  @Test
  void betweenTheStepsOfAnUpstreamsGoodbye() {
    byte[] body = random(30_000);
    try (RawHttp2 client = RawHttp2.connect(FRONT)) {
      client.request(1, false, "POST", "/5").request(3, false, "POST", "/5");
      try (RawHttp2 upstream = RawHttp2.accept(SERVERS.get(5))) {
        var _ = upstream.awaitHead(3);
        client.data(1, part(body, 0, 9_000), false).data(3, part(body, 0, 8_000), false);
        upstream.awaitBytes(17_000).goaway(MOST).inStep();
        swap();
        client.request(5, true, "GET", "/5");
        try (RawHttp2 other = RawHttp2.accept(SERVERS.get(5))) {
          var _ = other.awaitHead(1);
          upstream.goaway(1).inStep();
          swap();
          // The third stream, with what was sent of its body, goes on over there.
          client.data(3, part(body, 8_000, body.length), true);
          assertThat(other.awaitBytes(body.length).body(3)).isEqualTo(body);
          client.data(1, part(body, 9_000, body.length), true);
          assertThat(upstream.awaitBytes(8_000 + body.length).body(1)).isEqualTo(body);
          upstream.headers(1, true, ":status", "201");
          assertThat(client.awaitHead(1)).contains(":status: 201");
          other.headers(1, true, ":status", "202");
          assertThat(client.awaitHead(5)).contains(":status: 202");
          other.headers(3, true, ":status", "203");
          assertThat(client.awaitHead(3)).contains(":status: 203");
          assertThat(upstream.awaitEnd()).as("closed in order").isTrue();
          assertThat(client.count(RawHttp2.GOAWAY)).isZero();
          assertThat(client.count(RawHttp2.RST_STREAM)).isZero();
        }
      }
    }
  }
}
