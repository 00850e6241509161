package dev.osprey.codec.http2;

import dev.osprey.spi.codec.CodecRehearsal;
import java.util.List;

/**
 * The exchanges that rehearse the codec before it goes live. Each has a connection to itself: a
 * preface comes only once.
 */
final class Corpus {
  private static final String[] BROWSER = {
    "+user-agent",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "+accept",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "+accept-language",
    "en-GB,en;q=0.5",
    "cookie",
    "session=0123456789abcdef",
    "cookie",
    "theme=dark"
  };
  private static final String[] NGINX = {
    "+server", "nginx", "date", "Thu, 01 Jan 2026 00:00:00 GMT", "content-length", "2"
  };

  private Corpus() {}

  /** The corpus. */
  static List<CodecRehearsal> rehearsals() {
    return List.of(
        of(
            "get",
            FrameBytes.client().get(1, "/a/b?c=d"),
            FrameBytes.server().answer(1, 200, false, NGINX).data(1, "ok", true)),
        of("streams", streams(), answers()),
        of("bodies and trailers", bodies(), bodiesBack()),
        of(
            "grpc",
            FrameBytes.client()
                .post(1, "/p.S/M", "content-type", "application/grpc", "te", "trailers")
                .data(1, "\0\0\0\0\2hi", true)
                .post(3, "/p.S/N", "content-type", "application/grpc", "te", "trailers")
                .data(3, "\0\0\0\0\2hi", true),
            FrameBytes.server()
                .answer(1, 200, false, "content-type", "application/grpc")
                .data(1, "\0\0\0\0\2yo", false)
                .head(1, true, "grpc-status", "0", "grpc-message", "")
                .answer(3, 200, true, "content-type", "application/grpc", "grpc-status", "12")),
        of(
            "head, no content, not modified, interim",
            FrameBytes.client()
                .head(1, true, FrameBytes.request("HEAD", "/"))
                .get(3, "/")
                .get(5, "/")
                .get(7, "/"),
            FrameBytes.server()
                .answer(1, 200, true, "content-length", "2")
                .answer(3, 204, true)
                .answer(5, 304, true, "etag", "\"1\"")
                .answer(7, 103, false, "link", "</a>")
                .answer(7, 200, true)),
        of("windows", windows(), windowsBack()),
        control(),
        of(
            "cancelled and refused",
            FrameBytes.client().post(1, "/a").get(3, "/b").get(5, "/c").reset(1, ErrorCode.CANCEL),
            FrameBytes.server()
                .reset(3, ErrorCode.INTERNAL_ERROR)
                .reset(5, ErrorCode.REFUSED_STREAM)),
        of(
            "malformed",
            FrameBytes.client()
                .get(1, "/a", "Upper", "1")
                .get(3, "/b", "connection", "close")
                .get(5, "/c", "x", "1\n2")
                .get(7, "/d"),
            FrameBytes.server().answer(1, 200, true, "Upper", "1")));
  }

  private static CodecRehearsal control() {
    return of(
        "control",
        FrameBytes.client()
            .settings(PeerSettings.INITIAL_WINDOW_SIZE, 1000, PeerSettings.MAX_FRAME_SIZE, 20000)
            .ping(false, 7)
            .frame(Frames.PRIORITY, 0, 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 9)
            .headInParts(1, true, 7, FrameBytes.request("GET", "/parts"))
            .frame(99, 0, 0),
        FrameBytes.server()
            .settings(PeerSettings.MAX_CONCURRENT_STREAMS, 10)
            .ping(false, 8)
            .answer(1, 200, true)
            .goaway(1, ErrorCode.NO_ERROR));
  }

  private static FrameBytes streams() {
    FrameBytes all = FrameBytes.client();
    all.get(1, "/", BROWSER);
    for (int id = 3; id < 40; id += 2) {
      // The four that the first one left in the table: 64 is the user agent.
      all.get(id, "/" + id, "#64", "", "#63", "", "#62", "", "x-request", String.valueOf(id));
    }
    return all;
  }

  private static FrameBytes answers() {
    FrameBytes all = FrameBytes.server();
    all.answer(1, 200, false, NGINX).data(1, "ok", true);
    for (int id = 39; id >= 3; id -= 2) {
      all.answer(id, 200, false, "#62", "", "content-length", "2").data(id, "ok", true);
    }
    return all;
  }

  private static FrameBytes bodies() {
    return FrameBytes.client()
        .post(1, "/a", "content-length", "5")
        .data(1, "he", false)
        .padded(1, "llo", 3, true)
        .post(3, "/b")
        .data(3, "chunk", false)
        .head(3, true, "sum", "x");
  }

  private static FrameBytes bodiesBack() {
    return FrameBytes.server()
        .answer(1, 200, false)
        .answer(3, 200, false, "content-length", "2")
        .data(3, "o", false)
        .data(1, "one", true)
        .padded(3, "k", 9, false)
        .head(3, true, "sum", "y");
  }

  private static FrameBytes windows() {
    return FrameBytes.client()
        .settings(PeerSettings.INITIAL_WINDOW_SIZE, 4)
        .get(1, "/a")
        .get(3, "/b")
        .window(1, 4)
        .settings(PeerSettings.INITIAL_WINDOW_SIZE, 1)
        .window(3, 5)
        .settings(PeerSettings.INITIAL_WINDOW_SIZE, 300)
        .window(0, 10);
  }

  private static FrameBytes windowsBack() {
    return FrameBytes.server()
        .answer(1, 200, false)
        .data(1, "0123456789", false)
        .answer(3, 200, false)
        .data(3, "0123456789", false)
        .data(1, "0123456789", true)
        .data(3, "", true);
  }

  private static CodecRehearsal of(String name, FrameBytes request, FrameBytes response) {
    return new CodecRehearsal(name, request.toBytes(), null, response.toBytes(), null);
  }
}
