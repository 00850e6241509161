package dev.osprey.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One connection accepted by an {@link Upstream}. */
final class UpstreamConnection implements WireHandler, HttpReader.Events {
  private static final int MAX_WAITING = 256;
  private static final int MAX_PENDING_BYTES = 256 * 1024;
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

  private final Tally tally;
  private final Answers answers;
  private final HttpReader reader = new HttpReader(HttpReader.Side.REQUESTS, this);
  private final Deque<Answer> waiting = new ArrayDeque<>();
  private @Nullable Wire wire;
  private Answer.@Nullable Sink sink;
  private boolean tunnel;
  private boolean closeWhenDone;
  private boolean paused;
  private boolean timing;
  private boolean gone;

  UpstreamConnection(Upstream upstream) {
    tally = upstream.tally();
    answers = new Answers(upstream);
  }

  @Override
  public void connected(Wire opened) {
    wire = opened;
    tally.accepted++;
    tally.open++;
  }

  @Override
  public void read(Wire from, byte[] bytes, int start, int length) {
    reader.feed(bytes, start, length);
    if (waiting.size() > MAX_WAITING && !paused) {
      paused = true;
      from.pauseReads();
    }
    pump();
  }

  @Override
  public void drained(Wire from) {
    pump();
  }

  @Override
  public void ended(Wire from) {
    if (!gone) {
      tally.closedByPeer++;
    }
    if (!reader.endOfInput()) {
      tally.cutShort++;
      waiting.clear();
    }
    leave();
    closeWhenDone = true;
    pump();
  }

  @Override
  public void failed(Wire from, IOException cause) {
    if (!gone) {
      tally.resetByPeer++;
    }
    leave();
    waiting.clear();
  }

  @Override
  public HttpReader.After head(HttpHead head) {
    tally.requests++;
    if (head.has("upgrade", "echo")) {
      return upgrade();
    }
    boolean headOnly = head.startsWith("HEAD ");
    if (head.startsWith("POST ") || head.startsWith("PUT ")) {
      upload(head);
    } else {
      Answer answer = answers.to(head, headOnly);
      if (answers.closes(head)) {
        closeWhenDone = true;
      }
      waiting.add(answer);
    }
    return HttpReader.After.FRAMED;
  }

  @Override
  public void body(byte[] bytes, int from, int length) {
    if (tunnel) {
      pump();
      if (wire != null) {
        wire.write(bytes, from, length);
      }
    } else if (sink != null) {
      sink.digest().add(bytes, from, length);
    }
  }

  @Override
  public void end() {
    if (sink != null) {
      sink.finish(answers.whole(200, sink.digest().line(), false));
      sink = null;
    }
  }

  @Override
  public void malformed(String why) {
    tally.malformed++;
    waiting.removeIf(answer -> !answer.isReady());
    waiting.add(new Answer.Whole(answers.whole(400, (why + "\n").getBytes(ISO_8859_1), false)));
    closeWhenDone = true;
  }

  private HttpReader.After upgrade() {
    tally.upgrades++;
    tunnel = true;
    waiting.add(new Answer.Whole(answers.switching()));
    return HttpReader.After.RAW;
  }

  private void upload(HttpHead head) {
    sink = new Answer.Sink();
    if (head.has("expect", "100-continue")) {
      waiting.add(new Answer.Whole(CONTINUE));
    }
    waiting.add(sink);
  }

  /** Writes every answer whose turn has come, as far as the connection takes it. */
  private void pump() {
    Wire to = wire;
    if (to == null || timing) {
      return;
    }
    Answer next = waiting.peek();
    while (next != null && next.isReady() && to.pending() < MAX_PENDING_BYTES) {
      long pause = next.write(to);
      if (pause == Answer.DONE) {
        waiting.remove();
      } else if (pause > 0) {
        pauseFor(to, pause);
        return;
      }
      next = waiting.peek();
    }
    afterPump(to);
  }

  private void afterPump(Wire to) {
    if (paused && waiting.size() < MAX_WAITING / 2) {
      paused = false;
      to.resumeReads();
    }
    if (closeWhenDone && waiting.isEmpty()) {
      closeHere();
    }
  }

  private void pauseFor(Wire to, long nanos) {
    timing = true;
    to.loop().at(System.nanoTime() + nanos, this::goOn);
  }

  private void goOn() {
    timing = false;
    pump();
  }

  private void closeHere() {
    if (wire != null) {
      wire.close();
    }
    if (!gone) {
      tally.closedHere++;
      leave();
    }
  }

  private void leave() {
    if (!gone) {
      gone = true;
      tally.open--;
    }
  }
}
