package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.spi.codec.CodecRehearsal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that rehearse the codec before it goes live: one each, so that they may run on one
 * connection or on many, in any order. The broken ones come last, since they end their connection.
 */
final class Corpus {
  private static final String GET = lines("GET /a/b?c=d HTTP/1.1", "Host: rehearsal.example");
  private static final String POST = lines("POST /a HTTP/1.1", "Host: rehearsal.example");
  private static final String OK = lines("HTTP/1.1 200 OK", "Date: Thu, 01 Jan 2026 00:00:00 GMT");
  private static final String TWO = lines("Content-Length: 2", "", "ok");
  private static final String CHUNKS = lines("Transfer-Encoding: chunked", "");
  private static final String BROWSER =
      lines(
          "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
          "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
          "Accept-Language: en-GB,en;q=0.5",
          "Accept-Encoding: gzip, deflate, br, zstd",
          "Connection: keep-alive",
          "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark");

  private Corpus() {}

  /** The corpus. */
  static List<CodecRehearsal> rehearsals() {
    return List.of(
        of("get", GET + lines(""), OK + end(TWO)),
        of("browser", GET + BROWSER + lines(""), OK + end(TWO)),
        of(
            "trimmed fields",
            GET + lines("A:b", "C:\t d \t", "E:", ""),
            OK + lines("F:g") + end(TWO)),
        of("post by length", POST + lines("Content-Length: 5", "") + "hello", OK + end(TWO)),
        of("chunks", POST + CHUNKS + chunks(), OK + CHUNKS + chunks()),
        of("trailers", POST + CHUNKS + trailers(), OK + CHUNKS + trailers()),
        of("head", lines("HEAD / HTTP/1.1", "Host: a", ""), OK + lines("Content-Length: 2", "")),
        of("no content", GET + lines(""), lines("HTTP/1.1 204 No Content", "")),
        of("not modified", GET + lines(""), lines("HTTP/1.1 304 Not Modified", "ETag: \"1\"", "")),
        of(
            "interim heads",
            POST + lines("Expect: 100-continue", "Content-Length: 2", "") + "hi",
            lines("HTTP/1.1 100 Continue", "", "HTTP/1.1 103 Early Hints", "Link: </a>", "")
                + OK
                + end(TWO)),
        of(
            "fields of one connection",
            GET + lines("Connection: x-a, keep-alive", "X-A: 1", "Keep-Alive: 5", "TE: gzip", ""),
            OK + lines("Connection: x-b", "X-B: 1") + end(TWO)),
        of(
            "forwarded before",
            GET
                + lines(
                    "X-Forwarded-For: 192.0.2.1",
                    "X-Forwarded-Proto: https",
                    "X-Request-Id: 1",
                    "Via: 1.1 a",
                    ""),
            OK + lines("Server: s", "Via: 1.1 b") + end(TWO)),
        of(
            "upgrade refused",
            GET + lines("Connection: Upgrade", "Upgrade: websocket", ""),
            lines("HTTP/1.1 403 Forbidden") + end(TWO)),
        of("absolute form", lines("GET http://b/c HTTP/1.1", "Host: a", ""), OK + end(TWO)),
        of("large head", GET + lines("A: " + "b".repeat(6000), ""), OK + end(TWO)),
        of(
            "large body",
            GET + lines(""),
            OK + lines("Content-Length: 70000", "") + "0123456789".repeat(7000)),
        of("old client", lines("GET / HTTP/1.0", "Connection: keep-alive", ""), OK + end(TWO)),
        of(
            "last answer",
            GET + lines("Connection: close", ""),
            OK + lines("Connection: close") + end(TWO)),
        of("bad field", GET + lines("A : b", ""), ""),
        of("two lengths", POST + lines("Content-Length: 1", "Content-Length: 2", ""), ""),
        of("bad answer", GET + lines(""), OK + lines("Content-Length: x", "")));
  }

  private static String chunks() {
    return "3;a=\"b\"\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n";
  }

  private static String trailers() {
    return "3\r\nabc\r\n0\r\nT: 1\r\n\r\n";
  }

  private static String end(String lines) {
    return lines.substring(0, lines.length() - 2);
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }

  private static CodecRehearsal of(String name, String request, String response) {
    byte @Nullable [] anything = null;
    return new CodecRehearsal(name, Bytes.of(request), anything, Bytes.of(response), anything);
  }
}
