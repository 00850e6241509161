package dev.osprey.host.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamSession;
import dev.osprey.spi.stream.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bodies cost that come in small pieces while nobody takes them. */
class BodyQueueTest {
  private static final int PIECES = 2_000;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String LETTERS =
      IntStream.range(0, PIECES)
          .mapToObj(i -> String.valueOf((char) ('a' + i % 26)))
          .collect(Collectors.joining());

  private final StreamRig rig = new StreamRig();
  private final List<ByteBuf> reads = new ArrayList<>();

  @AfterEach
  void stop() {
    rig.close();
  }

  /** A piece of a body as a codec reports it: a slice of the buffer that it was read into. */
  private ByteBuf piece(int readBytes, String text) {
    ByteBuf read = UnpooledByteBufAllocator.DEFAULT.directBuffer(readBytes);
    read.writeCharSequence(text, StandardCharsets.US_ASCII);
    reads.add(read);
    ByteBuf slice = read.retainedSlice(0, text.length());
    read.release();
    return slice;
  }

  private long pinned() {
    return reads.stream().filter(read -> read.refCnt() > 0).mapToLong(ByteBuf::capacity).sum();
  }

  private void upload(ScriptedCodec client) {
    for (int i = 0; i < PIECES; i++) {
      client.client().onData(1, piece(2048, LETTERS.substring(i, i + 1)), false);
      rig.loop.flushDirty();
    }
  }

  /** The body that a codec was given, without the heads; each call stands in brackets. */
  private static List<String> body(ScriptedCodec codec) {
    return codec.told.stream()
        .filter(line -> !line.contains("GET") && !line.contains("200"))
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .toList();
  }

  @Test
  void aBodyThatWaitsForAConnection_takesNoMoreThanItsBytes() {
    rig.connectsAtOnce = false;
    ScriptedCodec client = rig.client();
    client.ask(1, false);
    upload(client);
    assertThat(pinned()).isZero();
    client.client().onData(1, piece(2048, "."), true);
    rig.connected();
    List<String> body = body(rig.clients.getFirst());
    assertThat(body).hasSizeLessThan(5);
    assertThat(String.join("", body)).isEqualTo(LETTERS + "..");
    assertThat(pinned()).isZero();
  }

  @Test
  void aBodyThatIsKeptForAnotherAttempt_takesNoMoreThanItsBytes() {
    ScriptedCodec client = rig.client();
    client.ask(1, false);
    upload(client);
    assertThat(pinned()).isZero();
    rig.clients.getFirst().upstream().onGoodbye();
    rig.clients
        .getFirst()
        .upstream()
        .onReset(1, new Reset(Reset.Source.UPSTREAM, Reset.Reason.REFUSED, true, "not processed"));
    client.client().onData(1, piece(2048, "."), true);
    List<String> body = body(rig.clients.get(1));
    assertThat(body).hasSizeLessThan(5);
    assertThat(String.join("", body)).isEqualTo(LETTERS + "..");
    rig.clients.get(1).answer(1, true);
    assertThat(pinned()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"2048, 2049, true", "4096, 16384, false", "4096, 262144, true"})
  void onlyAPieceThatKeepsLittleOrMuchMoreThanItself_isCopied(int bytes, int read, boolean copied) {
    rig.connectsAtOnce = false;
    ScriptedCodec client = rig.client();
    client.ask(1, false);
    String text = "x".repeat(bytes);
    client.client().onData(1, piece(read, text), false);
    assertThat(pinned() == 0).isEqualTo(copied);
    client.client().onData(1, piece(64, "small"), true);
    rig.connected();
    assertThat(String.join("", body(rig.clients.getFirst()))).isEqualTo(text + "small.");
    rig.clients.getFirst().answer(1, true);
    assertThat(pinned()).isZero();
  }

  @Test
  void aRequestThatAFilterHolds_takesNoMoreThanItsBytes() {
    Holding filter = new Holding(true);
    rig.filters = List.of(stream -> filter.of(stream));
    ScriptedCodec client = rig.client();
    client.ask(1, false);
    upload(client);
    assertThat(pinned()).isZero();
    client.client().onTrailers(1, new Fields());
    filter.goOn();
    rig.tasks.remove().run();
    assertThat(filter.calls).isLessThan(5);
    assertThat(String.join("", body(rig.clients.getFirst()))).isEqualTo(LETTERS + "trailers");
    rig.clients.getFirst().answer(1, true);
    assertThat(pinned()).isZero();
  }

  @Test
  void anAnswerThatAFilterHolds_takesNoMoreThanItsBytes() {
    Holding filter = new Holding(false);
    rig.filters = List.of(stream -> filter.of(stream));
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    ScriptedCodec upstream = rig.clients.getFirst();
    upstream.answer(1, false);
    for (int i = 0; i < PIECES; i++) {
      upstream.upstream().onData(1, piece(2048, LETTERS.substring(i, i + 1)), false);
    }
    assertThat(pinned()).isZero();
    filter.goOn();
    rig.tasks.remove().run();
    assertThat(upstream.credit).as("all of it is credited").isEqualTo(PIECES);
    upstream.upstream().onData(1, piece(2048, ""), true);
    assertThat(filter.calls).isLessThan(5);
    assertThat(String.join("", body(client))).isEqualTo(LETTERS + ".");
    assertThat(pinned()).isZero();
  }

  @Test
  void whatIsHeldIsReleased_whenTheClientIsGone() {
    Holding filter = new Holding(true);
    rig.filters = List.of(stream -> filter.of(stream));
    ScriptedCodec client = rig.client();
    client.ask(1, false);
    client.client().onData(1, piece(8192, "x".repeat(8192)), false);
    assertThat(pinned()).isPositive();
    client.client().onReset(1, Reset.byDownstream(Reset.Reason.CANCELLED, "gone"));
    assertThat(pinned()).isZero();
  }

  @Test
  void aTunnelToASocketThatTakesNothing_takesNoMoreThanItsBytes() {
    rig.multiplexed = false;
    ScriptedCodec client = rig.client();
    client.ask(1, true);
    rig.clients.getFirst().answer(1, false);
    client.client().becomeTunnel(1);
    rig.loop.flushDirty();
    rig.socket.stuck = true;
    for (int i = 0; i < PIECES; i++) {
      ByteBuf piece = piece(2048, LETTERS.substring(i, i + 1));
      rig.clients.getFirst().upstream().onData(1, piece, false);
      rig.loop.flushDirty();
    }
    assertThat(pinned()).as("the first one has found nothing before it").isLessThan(2 * 2048);
    rig.socket.stuck = false;
    rig.socket.flush();
    assertThat(pinned()).isZero();
    assertThat(rig.socket.sent).isEqualTo(PIECES + 1);
  }

  /** Pauses at one head until it is told to go on; counts the pieces of the body. */
  private static final class Holding implements StreamFilter {
    private final boolean request;
    private int calls;
    private @Nullable StreamSession stream;
    private Verdict.@Nullable Pause pause;

    Holding(boolean request) {
      this.request = request;
    }

    StreamFilter of(StreamSession session) {
      stream = session;
      return this;
    }

    private Verdict hold() {
      StreamSession session = stream;
      if (session == null) {
        throw new IllegalStateException("not opened");
      }
      Verdict.Pause made = session.pause(HOUR, Verdict.CONTINUE);
      pause = made;
      return made;
    }

    void goOn() {
      Verdict.Pause made = pause;
      if (made == null) {
        throw new IllegalStateException("nothing was held");
      }
      made.resume(Verdict.CONTINUE);
    }

    @Override
    public Verdict onRequestHead(RequestHead head, boolean end) {
      return request ? hold() : Verdict.CONTINUE;
    }

    @Override
    public Verdict onRequestData(ByteBuf data, boolean end) {
      calls++;
      return Verdict.CONTINUE;
    }

    @Override
    public Verdict onResponseHead(ResponseHead head, boolean end) {
      return request ? Verdict.CONTINUE : hold();
    }

    @Override
    public Verdict onResponseData(ByteBuf data, boolean end) {
      calls++;
      return Verdict.CONTINUE;
    }
  }
}
