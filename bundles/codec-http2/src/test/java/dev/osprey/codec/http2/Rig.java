package dev.osprey.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Head;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.Leg;
import dev.osprey.testkit.Reactions;
import dev.osprey.testkit.TrackingAllocator;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One codec and a peer made of bytes; what it reports and writes, in text. */
final class Rig implements Reactions, AutoCloseable {
  /** What a slice and its place in a queue take. */
  private static final long PIECE = 96;

  private static final String QUIET =
      "\"generate_request_id\": false, \"use_remote_address\": false";

  final FakePlanContext context = new FakePlanContext("1.0.0");
  final Http2Plan plan;
  final Leg leg;
  final List<RequestHead> requests = new ArrayList<>();
  private final TrackingAllocator alloc = new TrackingAllocator();
  private final boolean server;
  private boolean answers;
  private final Deque<Piece> kept = new ArrayDeque<>();
  private @Nullable Connection connection;
  private boolean credits = true;
  private boolean answersBad = true;
  private int moved;
  private int seen;
  private long now = 1_000_000_000L;

  private Rig(boolean server, String config) {
    this.server = server;
    ConfigNode node = ConfigNodes.json("{" + QUIET + (config.isEmpty() ? "" : ", ") + config + "}");
    plan = (Http2Plan) new Http2Factory(() -> now).plan(node, context);
    assertThat(ConfigNodes.problems(node)).isEmpty();
    CodecPlan shown = watched(plan);
    leg = server ? Leg.server(shown, alloc, this) : Leg.client(shown, alloc, this);
  }

  /** Facing a client that has sent its preface; answers nothing. */
  static Rig server() {
    return server("");
  }

  /** The same, with keys of the configuration. */
  static Rig server(String config) {
    Rig rig = new Rig(true, config);
    rig.feed(FrameBytes.client());
    rig.skip();
    return rig;
  }

  /** Facing a client of which nothing has come. */
  static Rig silentServer() {
    return new Rig(true, "");
  }

  /** Facing an upstream of which nothing has come. */
  static Rig silentClient() {
    return silentClient("");
  }

  /** The same, with keys of the configuration. */
  static Rig silentClient(String config) {
    return new Rig(false, config);
  }

  /** Facing an upstream that has sent its settings, with a GET on stream 1. */
  static Rig client() {
    Rig rig = new Rig(false, "");
    rig.get();
    rig.feed(FrameBytes.server());
    rig.skip();
    return rig;
  }

  /** The same upstream, with keys of the configuration. */
  static Rig client(String config) {
    Rig rig = new Rig(false, config);
    rig.get();
    rig.feed(FrameBytes.server());
    rig.skip();
    return rig;
  }

  /** A plan of another configuration, to move to. */
  CodecPlan planOf(String config) {
    ConfigNode node = ConfigNodes.json("{" + QUIET + ", " + config + "}");
    return watched((Http2Plan) new Http2Factory(() -> now).plan(node, context));
  }

  private CodecPlan watched(Http2Plan made) {
    return new WatchedPlan(made, it -> connection = it, record -> moved = record.state().length);
  }

  /** Time passes, and whoever asked for an alarm in it is woken at its end. */
  Rig pass(Duration time) {
    now += time.toNanos();
    Duration alarm = leg.recording().alarm();
    if (alarm != null && alarm.compareTo(time) <= 0) {
      leg.wake();
    }
    return this;
  }

  /** From now on each whole request is answered 200 without a body. */
  Rig answering() {
    answers = true;
    return this;
  }

  /** Body bytes that nobody has taken yet. */
  private record Piece(int stream, ByteBuf data) {}

  /** From now on nobody takes what the peer sends; it is kept as it was handed over. */
  Rig withoutCredit() {
    credits = false;
    return this;
  }

  /** A refused request is not answered: a filter holds the answer. */
  Rig holdingAnswers() {
    answersBad = false;
    return this;
  }

  /** How many pieces nobody has taken. */
  int pieces() {
    return kept.size();
  }

  /** Takes the oldest piece that nobody has taken; its text. */
  String take() {
    Piece piece = kept.remove();
    String text = piece.data.toString(StandardCharsets.ISO_8859_1);
    piece.data.release();
    leg.credit(piece.stream, text.length());
    return text;
  }

  /** The state of the connection. */
  State state() {
    return connection.state;
  }

  /** How long the last record was. */
  int moved() {
    return moved;
  }

  Rig feed(FrameBytes bytes) {
    leg.feed(bytes.toBytes());
    return this;
  }

  /** Opens a stream with a GET. */
  int get() {
    return leg.request(request("GET"), true);
  }

  /** Opens a stream with a POST whose body is to follow. */
  int post() {
    RequestHead head = request("POST");
    head.bodyLength(Head.UNKNOWN_LENGTH);
    return leg.request(head, false);
  }

  static RequestHead request(String method) {
    RequestHead head = new RequestHead();
    head.method(method);
    head.path("/");
    head.authority("a");
    return head;
  }

  void respond(int stream, int status, boolean end) {
    ResponseHead head = new ResponseHead();
    head.status(status);
    leg.respond(stream, head, end);
  }

  void data(int stream, int bytes, boolean end) {
    leg.data(stream, alloc.buffer(Math.max(bytes, 1)).writeZero(bytes), end);
  }

  /** Frames written since the last look. */
  List<String> sent() {
    List<String> all = Sent.frames(leg.recording().output());
    List<String> fresh = List.copyOf(all.subList(seen, all.size()));
    seen = all.size();
    return fresh;
  }

  void skip() {
    var _ = sent();
  }

  /** What was reported. */
  List<String> events() {
    return leg.recording().events().stream()
        .map(Object::toString)
        .filter(it -> !it.equals("writable"))
        .toList();
  }

  /** The peer must be told this on the connection, which must end. */
  void expectConnectionError(ErrorCode code) {
    assertThat(sent()).last().asString().startsWith("GOAWAY ").endsWith(" " + code);
    assertThat(leg.isClosed()).isTrue();
  }

  /** The peer must be told this of a stream, and the connection must go on. */
  void expectStreamError(int stream, ErrorCode code) {
    assertThat(sent()).contains("RST_STREAM " + stream + " " + code);
    assertThat(leg.isClosed()).isFalse();
    assertGoesOn();
  }

  /** A PING is still answered. */
  void assertGoesOn() {
    feed(FrameBytes.none().ping(false, 5));
    assertThat(sent()).contains("PING ack");
  }

  long count(String name) {
    return context.count("http2." + name);
  }

  /**
   * Bytes that the connection takes in all: buffers, blocks, tables, streams, and an object for
   * each piece that the host was made to keep.
   */
  long footprint() {
    return held() + Footprint.of(connection) + PIECE * kept.size();
  }

  /** Bytes of buffers that the codec holds, or made the host hold. */
  long held() {
    return alloc.liveBytes();
  }

  @Override
  public void request(int stream, RequestHead head, boolean end) {
    requests.add(head);
    if (end && answers) {
      respond(stream, 200, true);
    }
  }

  @Override
  public void badRequest(int stream, @Nullable RequestHead head, LocalReply reply) {
    if (!answersBad) {
      return;
    }
    if (leg.recording().isAnswered(stream)) {
      leg.reset(stream, Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, reply.detail()));
    } else {
      leg.respond(stream, plan.answer(reply, head).head(), true);
    }
  }

  @Override
  public void data(int stream, @Owned ByteBuf data, boolean end) {
    kept.add(new Piece(stream, data));
    if (credits) {
      var _ = take();
    }
    if (end && answers && server) {
      respond(stream, 200, true);
    }
  }

  @Override
  public void trailers(int stream, Fields trailers) {
    if (answers && server) {
      respond(stream, 200, true);
    }
  }

  @Override
  public void close() {
    leg.lost();
    kept.forEach(piece -> piece.data.release());
    kept.clear();
    alloc.assertNothingLeaks();
  }
}
