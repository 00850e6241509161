package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link SoakClient}; a short-lived one goes through many sockets. */
final class SoakConnection implements HttpReader.Events {
  private static final int TOKEN_AT = "GET /echo/".length();
  private static final int BACKLOG_LIMIT = 1 << 20;

  private final SoakClient client;
  private final SoakOptions options;
  private final int number;
  private final boolean longLived;
  private final int depth;
  private final byte[] request;
  private final byte[] body;
  private final LongRing pending = new LongRing();
  private final LongRing backlog = new LongRing();
  private final List<String> versions = new ArrayList<>();
  private byte[] lastVersion = {};
  private HttpReader reader = new HttpReader(HttpReader.Side.RESPONSES, this);
  private @Nullable Wire wire;
  private int incarnation;
  private int nextSequence;
  private int expectedSequence;
  private int bodyLength;
  private int status;
  private long lastProgress;
  private boolean dead;

  SoakConnection(SoakClient client, int number) {
    this.client = client;
    this.number = number;
    options = client.options();
    longLived = number < options.longLived();
    depth =
        options.pipelineEvery() > 0 && number % options.pipelineEvery() == 0
            ? options.pipelineDepth()
            : 1;
    body = new byte[options.bodyBytes()];
    request = request(options);
  }

  boolean isLongLived() {
    return longLived;
  }

  VersionTrace trace() {
    return new VersionTrace(number, !dead && wire != null, List.copyOf(versions));
  }

  void open() {
    incarnation = (incarnation + 1) & 0xffff;
    nextSequence = 0;
    expectedSequence = 0;
    reader = new HttpReader(HttpReader.Side.RESPONSES, this);
    client.loop().connect(options.target(), new Link());
  }

  /** A request of the fixed rate is due; it waits here if the connection is busy. */
  void due(long intended) {
    if (!dead && backlog.size() < BACKLOG_LIMIT) {
      backlog.add(intended);
      sendMore();
    }
  }

  /** The client goes on after a pause. */
  void wake() {
    backlog.clear();
    sendMore();
  }

  void checkStall(long now) {
    if (pending.size() > 0 && now - lastProgress > options.answerLimit().toNanos()) {
      client.fail(FailureKind.STALLED, number, "no answer to request " + expectedSequence);
      abandon();
    }
  }

  void finish() {
    while (pending.size() > 0) {
      client.fail(FailureKind.UNFINISHED, number, "request " + expectedSequence++);
      pending.remove();
    }
    if (wire != null) {
      wire.close();
    }
  }

  @Override
  public HttpReader.After head(HttpHead head) {
    status = head.status();
    if (status / 100 == 1 && status != 101) {
      return HttpReader.After.INTERIM;
    }
    bodyLength = 0;
    if (pending.size() == 0) {
      client.fail(FailureKind.SURPLUS, number, head.startLine());
    }
    if (head.isHttp10() || head.has("connection", "close")) {
      client.fail(FailureKind.CLOSE_ANNOUNCED, number, head.startLine());
    }
    noteVersion(head);
    return status == 204 || status == 304 ? HttpReader.After.NO_BODY : HttpReader.After.FRAMED;
  }

  @Override
  public void body(byte[] bytes, int from, int length) {
    int room = Math.min(length, body.length - bodyLength);
    if (room > 0) {
      System.arraycopy(bytes, from, body, bodyLength, room);
    }
    bodyLength += length;
  }

  @Override
  public void end() {
    if (pending.size() == 0) {
      abandon();
      return;
    }
    long now = System.nanoTime();
    long intended = pending.remove();
    lastProgress = now;
    boolean right = check();
    expectedSequence++;
    client.answered(number, intended, now, right);
  }

  @Override
  public void malformed(String why) {
    client.fail(FailureKind.MALFORMED, number, why);
    abandon();
  }

  private boolean check() {
    if (status != 200) {
      client.fail(FailureKind.WRONG_STATUS, number, status + " " + shownBody());
      return false;
    }
    long expected = token(expectedSequence);
    long found = bodyLength == body.length ? Tokens.read(body, 0) : Tokens.NONE;
    if (found == expected && Tokens.isPadded(body)) {
      return true;
    }
    client.fail(
        Tokens.mistake(expected, found),
        number,
        "request " + expectedSequence + ": " + shownBody());
    return false;
  }

  private String shownBody() {
    return new String(body, 0, Math.min(body.length, Math.min(bodyLength, 64)), ISO_8859_1);
  }

  private void noteVersion(HttpHead head) {
    int at = head.find("x-osprey-codec");
    if (at < 0) {
      if (options.requireVersion()) {
        client.fail(FailureKind.NO_VERSION, number, head.startLine());
      }
    } else if (longLived && !head.sameBytes(at, lastVersion)) {
      String version = head.value(at);
      lastVersion = version.getBytes(ISO_8859_1);
      versions.add(version);
    }
  }

  private void sendMore() {
    Wire to = wire;
    if (to == null || dead || !to.isOpen()) {
      return;
    }
    boolean paced = options.rate() > 0;
    while (pending.size() < depth
        && !isUsedUp()
        && (!paced || backlog.size() > 0)
        && client.take()) {
      long now = System.nanoTime();
      send(to, paced ? backlog.remove() : now, now);
    }
    if (isUsedUp() && pending.size() == 0 && !client.isStopped()) {
      wire = null;
      to.close();
      open();
    }
  }

  private boolean isUsedUp() {
    return !longLived && nextSequence >= options.requestsPerConnection();
  }

  private void send(Wire to, long intended, long now) {
    if (pending.size() == 0) {
      lastProgress = now;
    }
    Tokens.write(token(nextSequence++), request, TOKEN_AT);
    to.write(request);
    pending.add(intended);
    client.sent(intended, now);
  }

  private long token(int sequence) {
    return ((long) number << 48) | ((long) incarnation << 32) | (sequence & 0xffffffffL);
  }

  /** This client gives the connection up after a failure that leaves it unusable. */
  private void abandon() {
    Wire broken = wire;
    if (broken != null) {
      broken.reset();
      gone(broken);
    }
  }

  private void lost(Wire from, String why) {
    if (wire != from) {
      return;
    }
    client.fail(FailureKind.LOST_CONNECTION, number, (longLived ? "long-lived: " : "") + why);
    from.close();
    gone(from);
  }

  /**
   * Settles what was pending; a long-lived connection stays dead, another one opens its next
   * socket.
   */
  private void gone(Wire from) {
    if (wire != from) {
      return;
    }
    wire = null;
    reader.stop();
    int cut = pending.size();
    for (int i = 0; i < cut; i++) {
      client.fail(FailureKind.CUT_SHORT, number, "request " + (expectedSequence + i));
    }
    pending.clear();
    dead = longLived;
    if (cut > 0) {
      client.settled(cut);
    }
    if (!dead && !client.isStopped()) {
      open();
    }
  }

  private static byte[] request(SoakOptions options) {
    String line = "GET /echo/0000000000000000/" + options.bodyBytes() + " HTTP/1.1\r\n";
    String fields = "Host: soak.test\r\nUser-Agent: osprey-load\r\n\r\n";
    return (line + fields).getBytes(ISO_8859_1);
  }

  /** The events of one socket; late ones of an earlier socket are recognised and dropped. */
  private final class Link implements WireHandler {
    @Override
    public void connected(Wire opened) {
      client.opened();
      if (client.isStopped()) {
        opened.close();
        return;
      }
      wire = opened;
      sendMore();
    }

    @Override
    public void read(Wire from, byte[] bytes, int start, int length) {
      if (wire == from) {
        reader.feed(bytes, start, length);
        sendMore();
      }
    }

    @Override
    public void ended(Wire from) {
      lost(from, "FIN");
    }

    @Override
    public void failed(Wire from, IOException cause) {
      if (wire == from) {
        lost(from, String.valueOf(cause.getMessage()));
      } else if (wire == null) {
        client.fail(FailureKind.CONNECT_FAILED, number, String.valueOf(cause.getMessage()));
        dead = true;
      }
    }
  }
}
