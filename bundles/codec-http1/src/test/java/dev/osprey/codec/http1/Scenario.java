package dev.osprey.codec.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What happens on the two connections, in order.
 *
 * @param name what it is about
 * @param steps bytes of the client ({@code <...}), of the upstream ({@code >...}), or an end
 *     ({@code <EOF}, {@code >EOF}, {@code <BYE})
 */
@SuppressWarnings("StringConcatToTextBlock") // a text block hides CRLF
record Scenario(String name, List<String> steps) {
  private static final String GET = "<GET /%s HTTP/1.1\r\nHost: x\r\nA:b \r\n\r\n";
  private static final String POST = "<POST /%s HTTP/1.1\r\nHost: x\r\n";
  private static final String OK = ">HTTP/1.1 200 OK\r\n";

  static Stream<Scenario> all() {
    return Stream.of(
        of("get", GET, OK + "Content-Length: 2\r\n\r\nok", GET, OK + "Content-Length: 0\r\n\r\n"),
        of("length", POST + "Content-Length: 4\r\n\r\nabcd", OK + "Content-Length: 3\r\n\r\nxyz"),
        of(
            "chunked",
            POST
                + "Transfer-Encoding: chunked\r\nTrailer: t\r\n\r\n"
                + "3;e=\"q\\\"\"\r\nabc\r\n00a\r\n0123456789\r\n0;x\r\nT: 1\r\nU:2\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n4;a\r\nwxyz\r\n1\r\n!\r\n0\r\nV: 3\r\n\r\n",
            GET,
            OK + "Content-Length: 1\r\n\r\n1"),
        of(
            "head",
            "<HEAD / HTTP/1.1\r\nHost: x\r\n\r\n",
            OK + "Content-Length: 9\r\n\r\n",
            GET,
            ">HTTP/1.1 204 No Content\r\n\r\n",
            GET,
            ">HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
        of(
            "pipelined",
            GET + GET.substring(1) + "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" + GET.substring(1),
            OK + "Content-Length: 1\r\n\r\n1",
            OK + "Transfer-Encoding: chunked\r\n\r\n1\r\n2\r\n0\r\n\r\n",
            OK + "Content-Length: 1\r\n\r\n",
            OK + "Content-Length: 1\r\n\r\n3"),
        of(
            "continue",
            POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n",
            ">HTTP/1.1 100 Continue\r\n\r\n",
            "<ab",
            ">HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n",
            OK + "Content-Length: 2\r\n\r\nok"),
        of("http10", "<GET / HTTP/1.0\r\n\r\n", OK + "Content-Length: 2\r\n\r\nok"),
        of(
            "http10 until close",
            "<GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
        of("upstream until close", GET, OK + "\r\nabc", ">EOF"),
        of("truncated", GET, OK + "Content-Length: 5\r\n\r\nabc", ">EOF"),
        of("truncated chunk", GET, OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc", ">EOF"),
        of("lost", GET, OK + "Content-Length: 0\r\n\r\n", GET, ">EOF"),
        of(
            "upgrade",
            "<GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            ">HTTP/1.1 101 Switching Protocols\r\n"
                + "Connection: upgrade\r\n"
                + "Upgrade: websocket\r\n\r\n"),
        of(
            "upgrade refused",
            "<GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            OK + "Content-Length: 2\r\n\r\nno",
            GET,
            OK + "Content-Length: 2\r\n\r\nok"),
        of(
            "early answer, small rest",
            POST + "Content-Length: 6\r\n\r\nab",
            ">HTTP/1.1 413 a\r\nContent-Length: 2\r\n\r\nno",
            "<cdef" + GET.substring(1),
            OK + "Content-Length: 2\r\n\r\nok"),
        of(
            "early answer, large rest",
            POST + "Content-Length: 600000\r\n\r\nab",
            ">HTTP/1.1 413 a\r\nContent-Length: 2\r\n\r\nno"),
        of("goodbye", GET, "<BYE", OK + "Content-Length: 2\r\n\r\nok"),
        of("goodbye at rest", "<BYE", GET, OK + "Content-Length: 2\r\n\r\nok"),
        of("half-close", GET + GET.substring(1), "<EOF", ">" + ok("1"), ">" + ok("2")),
        of("client cut", POST + "Content-Length: 6\r\n\r\nab", "<EOF"),
        of("bad head", "<GET / HTTP/1.1\r\nHost : x\r\n\r\n"),
        of("bad chunk", POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nz\r\n"),
        of("bad answer", GET, OK + "Content-Length: x\r\n\r\n"),
        of(
            "bad chunk of an answer",
            GET,
            OK + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nz\r\n"),
        of("surplus", GET, OK + "Content-Length: 1\r\n\r\n12"));
  }

  /** The same with every piece of bytes cut into single ones. */
  Scenario bytewise() {
    return cut(1, Integer.MAX_VALUE);
  }

  /** The same with every piece cut once, {@code at} bytes behind its begin. */
  Scenario cutOnce(int at) {
    return cut(at, 1);
  }

  /** How many bytes the longest piece has. */
  int longest() {
    return steps.stream().mapToInt(String::length).max().orElse(0);
  }

  List<String> methods() {
    List<String> methods = new ArrayList<>();
    for (String step : steps) {
      for (String line : step.substring(1).split("\r\n", -1)) {
        if (line.contains(" HTTP/1.") && !line.startsWith("HTTP/")) {
          methods.add(line.substring(line.startsWith("cdef") ? 4 : 0, line.indexOf(' ')));
        }
      }
    }
    return methods;
  }

  /** Does one step. */
  static void run(Proxy proxy, String step) {
    switch (step) {
      case "<EOF" -> proxy.clientCloses();
      case ">EOF" -> proxy.upstreamCloses();
      case "<BYE" -> proxy.goodbye();
      default -> {
        if (step.charAt(0) == '<') {
          proxy.request(step.substring(1));
        } else {
          proxy.response(step.substring(1));
        }
      }
    }
  }

  private Scenario cut(int length, int times) {
    List<String> pieces = new ArrayList<>();
    for (String step : steps) {
      String rest = step;
      boolean bytes = !step.endsWith("EOF") && !step.endsWith("BYE");
      for (int i = 0; i < times && bytes && rest.length() - 1 > length; i++) {
        pieces.add(rest.substring(0, length + 1));
        rest = rest.charAt(0) + rest.substring(length + 1);
      }
      pieces.add(rest);
    }
    return new Scenario(name, pieces);
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + body;
  }

  private static Scenario of(String name, String... steps) {
    return new Scenario(name, List.of(steps));
  }

  @Override
  public String toString() {
    return name;
  }
}
