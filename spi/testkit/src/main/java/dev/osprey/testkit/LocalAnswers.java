package dev.osprey.testkit;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Answers every request by the proxy itself and lets the client side of the same codec read that.
 */
final class LocalAnswers implements Reactions {
  private final CodecPlan plan;
  private final LocalReply reply;
  private final boolean atOnce;
  private final TrackingAllocator alloc = new TrackingAllocator();
  private final Leg server;
  private final Leg client;
  private final Map<Integer, Integer> streams = new HashMap<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private int seen;
  private int requests;

  /**
   * Answers with one kind of reply.
   *
   * @param atOnce true to answer from inside the codec's callback
   */
  LocalAnswers(CodecPlan plan, LocalReply.Kind kind, boolean atOnce) {
    this.plan = plan;
    this.reply = LocalReply.of(kind, "because of a test");
    this.atOnce = atOnce;
    this.server = Leg.server(plan, alloc, this);
    this.client = Leg.client(plan, alloc, Reactions.NONE);
  }

  void run(Exchange exchange) {
    server.feed(exchange.request());
    while (!later.isEmpty()) {
      later.remove().run();
      server.read();
    }
    // What a window held back at first.
    deliver();
    check(exchange);
    server.lost();
    client.lost();
    alloc.assertNothingLeaks();
  }

  private void check(Exchange exchange) {
    String where = exchange.name() + ", " + reply.kind() + (atOnce ? " at once" : " later");
    if (requests == 0) {
      throw new AssertionError(where + ": no request was reported");
    }
    for (int stream : streams.values()) {
      if (!client.recording().isAnswered(stream) || client.recording().isReceiving(stream)) {
        throw new AssertionError(
            where
                + ": the client side does not understand the answer: "
                + client.recording().events());
      }
    }
  }

  @Override
  public void request(int stream, RequestHead head, boolean end) {
    requests++;
    if (!client.isClosed() && client.vacancies() > 0) {
      int opened = client.request(head, end);
      if (opened != 0) {
        streams.put(stream, opened);
      }
    }
    if (atOnce) {
      answer(stream, head);
    } else {
      later.add(() -> answer(stream, head));
    }
  }

  private void answer(int stream, RequestHead head) {
    if (server.recording().isSending(stream)) {
      Relay.respond(server, stream, plan.answer(reply, head));
      deliver();
      if (server.isClosed()) {
        client.end();
      }
    }
  }

  private void deliver() {
    byte[] all = server.recording().output();
    client.feed(Arrays.copyOfRange(all, seen, all.length));
    seen = all.length;
  }

  @Override
  public void reset(int stream, Reset reset) {
    Integer opened = streams.remove(stream);
    if (opened != null) {
      client.reset(opened, reset);
    }
  }

  @Override
  public void data(int stream, @Owned ByteBuf data, boolean end) {
    Integer opened = streams.get(stream);
    if (opened == null) {
      data.release();
    } else {
      client.data(opened, data, end);
    }
  }

  @Override
  public void trailers(int stream, Fields trailers) {
    Integer opened = streams.get(stream);
    if (opened != null) {
      client.trailers(opened, trailers);
    }
  }
}
