package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Turns a request's head into the {@link Answer} that its path asks for. */
final class Answers {
  private static final byte[] OK = "HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1);
  private static final byte[] LENGTH = "Content-Length: ".getBytes(ISO_8859_1);
  private static final byte[] END = "\r\n\r\n".getBytes(ISO_8859_1);

  private final Upstream upstream;

  Answers(Upstream upstream) {
    this.upstream = upstream;
  }

  Answer to(HttpHead head, boolean headOnly) {
    String line = head.startLine();
    int target = line.indexOf(' ') + 1;
    int end = line.indexOf(' ', target);
    String path = end < 0 ? "/" : path(line.substring(target, end));
    String[] parts = path.substring(1).split("/", -1);
    try {
      return answer(parts, head, headOnly);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return text(404, "no such thing: " + path + "\n", headOnly);
    }
  }

  /** Whether this request asks for the connection to end after its answer. */
  boolean closes(HttpHead head) {
    return head.startsWith("GET /close") || head.has("connection", "close") || head.isHttp10();
  }

  byte[] switching() {
    return (new String(line(101), ISO_8859_1) + "Connection: Upgrade\r\nUpgrade: echo\r\n\r\n")
        .getBytes(ISO_8859_1);
  }

  byte[] whole(int status, byte[] body, boolean headOnly) {
    byte[] line = line(status);
    byte[] extra = upstream.extraField();
    byte[] length = Integer.toString(body.length).getBytes(ISO_8859_1);
    int bodyLength = headOnly ? 0 : body.length;
    byte[] all =
        new byte
            [line.length + extra.length + LENGTH.length + length.length + END.length + bodyLength];
    int at = put(all, 0, line);
    at = put(all, at, extra);
    at = put(all, at, LENGTH);
    at = put(all, at, length);
    at = put(all, at, END);
    System.arraycopy(body, 0, all, at, bodyLength);
    return all;
  }

  private Answer answer(String[] parts, HttpHead head, boolean headOnly) {
    return switch (parts[0]) {
      case "echo" -> new Answer.Whole(whole(200, echo(parts), headOnly));
      case "bytes" -> pattern(Long.parseLong(parts[1]), false, 64 * 1024, 0, headOnly);
      case "chunked" -> pattern(Long.parseLong(parts[1]), true, chunk(parts), 0, headOnly);
      case "slow" ->
          slow(Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts.length > 3, headOnly);
      case "status" -> status(Integer.parseInt(parts[1]), headOnly);
      case "hints" -> hints(headOnly);
      case "head" -> text(200, head.text(), headOnly);
      case "sink", "close" -> text(200, parts[0] + "\n", headOnly);
      default -> throw new IndexOutOfBoundsException(parts[0]);
    };
  }

  private static byte[] echo(String[] parts) {
    byte[] token = parts[1].getBytes(ISO_8859_1);
    if (parts.length == 2) {
      return token;
    }
    byte[] body = new byte[Integer.parseInt(parts[2])];
    java.util.Arrays.fill(body, (byte) '.');
    System.arraycopy(token, 0, body, 0, Math.min(token.length, body.length));
    return body;
  }

  private static int chunk(String[] parts) {
    return parts.length > 2 ? Math.clamp(Integer.parseInt(parts[2]), 1, 64 * 1024) : 1000;
  }

  private Answer slow(long length, long millis, boolean chunked, boolean headOnly) {
    long pieces = Math.max(1, Math.min(length, Math.max(1, millis / 5)));
    int piece = (int) Math.max(1, Math.min(64 * 1024, (length + pieces - 1) / pieces));
    return pattern(length, chunked, piece, millis * 1_000_000 / pieces, headOnly);
  }

  private Answer pattern(
      long length, boolean chunked, int piece, long pauseNanos, boolean headOnly) {
    String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length;
    String head =
        new String(line(200), ISO_8859_1)
            + new String(upstream.extraField(), ISO_8859_1)
            + framing
            + "\r\n\r\n";
    byte[] bytes = head.getBytes(ISO_8859_1);
    return headOnly
        ? new Answer.Whole(bytes)
        : new Answer.Body(bytes, length, chunked, piece, pauseNanos);
  }

  private Answer status(int code, boolean headOnly) {
    if (code != 204 && code != 304) {
      return text(code, "status " + code + "\n", headOnly);
    }
    String head =
        new String(line(code), ISO_8859_1) + new String(upstream.extraField(), ISO_8859_1) + "\r\n";
    return new Answer.Whole(head.getBytes(ISO_8859_1));
  }

  private Answer hints(boolean headOnly) {
    byte[] early =
        "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n".getBytes(ISO_8859_1);
    byte[] late = whole(200, "hinted\n".getBytes(ISO_8859_1), headOnly);
    byte[] both = java.util.Arrays.copyOf(early, early.length + late.length);
    put(both, early.length, late);
    return new Answer.Whole(both);
  }

  private Answer text(int status, String body, boolean headOnly) {
    return new Answer.Whole(whole(status, body.getBytes(ISO_8859_1), headOnly));
  }

  private static byte[] line(int status) {
    return status == 200 ? OK : ("HTTP/1.1 " + status + " Status\r\n").getBytes(ISO_8859_1);
  }

  private static String path(String target) {
    String path = target;
    int scheme = path.indexOf("://");
    if (scheme > 0) {
      int slash = path.indexOf('/', scheme + 3);
      path = slash < 0 ? "/" : path.substring(slash);
    }
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  private static int put(byte[] target, int at, byte[] source) {
    System.arraycopy(source, 0, target, at, source.length);
    return at + source.length;
  }
}
