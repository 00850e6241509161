package dev.osprey.codec.http1;

import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A host in miniature: one client connection, one upstream connection, a server codec and a client
 * codec back to back. On demand every codec is exchanged by one of another plan before each call.
 */
final class Proxy {
  final ClientSide client = new ClientSide();
  final UpstreamSide upstream = new UpstreamSide();
  final List<String> events = new ArrayList<>();

  /** How the upstream's part of the exchange ended before its time; null when it did not. */
  @Nullable Reset upstreamReset;

  /** What a filter would do to a request's head. */
  Consumer<RequestHead> onHead = head -> {};

  /** What the codec refused; null for nothing. */
  @Nullable LocalReply refusal;

  private final Http1Plan plan;
  private final @Nullable Http1Plan other;
  private boolean useOther;
  private ServerCodec server;
  private ClientCodec clientCodec;
  private int insideServer;
  private int insideClient;
  private boolean responseBegun;
  private boolean responseDone = true;
  private boolean requestDone = true;
  private @Nullable RequestHead request;

  Proxy(Http1Plan plan) {
    this(plan, null);
  }

  /** With another plan the codecs move to and fro between the two, before each call. */
  Proxy(Http1Plan plan, @Nullable Http1Plan other) {
    this.plan = plan;
    this.other = other;
    this.server = plan.server(client);
    this.clientCodec = plan.client(upstream);
  }

  /** Bytes of the client arrive. */
  Proxy request(String bytes) {
    client.receive(bytes);
    return run();
  }

  /** Bytes of the upstream arrive. */
  Proxy response(String bytes) {
    upstream.receive(bytes);
    return run();
  }

  /** The host has waited long enough for a head. */
  Proxy headTimedOut() {
    server.requestTimedOut();
    return run();
  }

  /** The upstream closes. */
  Proxy upstreamCloses() {
    run();
    onClient(() -> clientCodec.endOfInput(upstream.in));
    return run();
  }

  /** The client closes its sending side. */
  Proxy clientCloses() {
    run();
    onServer(() -> server.endOfInput(client.in));
    return run();
  }

  Proxy goodbye() {
    onServer(() -> server.goodbye());
    return this;
  }

  /** Moves both codecs to another plan, now. */
  Proxy moveTo(Http1Plan next) {
    if (client.closed == null && !client.tunnel) {
      server = next.attachServer(server.detach(), client);
    }
    if (upstream.closed == null && !upstream.tunnel) {
      clientCodec = next.attachClient(clientCodec.detach(), upstream);
    }
    return this;
  }

  boolean serverIsAtRest() {
    return server.isAtRest();
  }

  boolean clientIsAtRest() {
    return clientCodec.isAtRest();
  }

  /** True when a request has been sent whole and its answer has not begun. */
  boolean isAwaitingAnswer() {
    return requestDone && !responseDone && !responseBegun && upstream.closed == null;
  }

  int vacancies() {
    return clientCodec.vacancies();
  }

  ServerCodec server() {
    return server;
  }

  ClientCodec clientCodec() {
    return clientCodec;
  }

  /** Releases all buffers; fails when somebody kept one. */
  void end() {
    client.release();
    upstream.release();
  }

  Proxy run() {
    boolean again = true;
    while (again) {
      int before = progress();
      drive();
      again = progress() != before;
    }
    return this;
  }

  private int progress() {
    return client.in.readerIndex()
        + upstream.in.readerIndex()
        + client.out.writerIndex()
        + upstream.out.writerIndex()
        + events.size();
  }

  private void drive() {
    Progress[] last = {Progress.AGAIN};
    while (last[0] == Progress.AGAIN && client.closed == null && !client.tunnel) {
      onServer(() -> last[0] = server.decode(client.in));
    }
    last[0] = Progress.AGAIN;
    while (last[0] == Progress.AGAIN && upstream.closed == null && !upstream.tunnel) {
      onClient(() -> last[0] = clientCodec.decode(upstream.in));
    }
  }

  private void onServer(Runnable call) {
    if (insideServer == 0 && other != null && client.closed == null && !client.tunnel) {
      server = next().attachServer(server.detach(), client);
    }
    insideServer++;
    call.run();
    insideServer--;
  }

  private void onClient(Runnable call) {
    if (insideClient == 0 && other != null && upstream.closed == null && !upstream.tunnel) {
      clientCodec = next().attachClient(clientCodec.detach(), upstream);
    }
    insideClient++;
    call.run();
    insideClient--;
  }

  private Http1Plan next() {
    useOther = !useOther;
    return useOther && other != null ? other : plan;
  }

  private void answer(LocalReply reply) {
    LocalAnswer answer = plan.answer(reply, request);
    boolean empty = answer.body().length == 0;
    responseBegun = true;
    onServer(() -> server.respond(1, answer.head(), empty));
    if (!empty) {
      onServer(() -> server.data(1, Unpooled.wrappedBuffer(answer.body()), true));
    }
    responseDone = true;
  }

  private void cut(Reset reset) {
    if (responseDone) {
      return;
    }
    if (responseBegun) {
      onServer(() -> server.reset(1, reset));
    } else if (reset.source() == Reset.Source.DOWNSTREAM) {
      answer(LocalReply.badRequest(400, reset.detail()));
    } else if (reset.reason() == Reset.Reason.PROTOCOL_ERROR) {
      answer(LocalReply.of(LocalReply.Kind.UPSTREAM_PROTOCOL_ERROR, reset.detail()));
    } else {
      answer(LocalReply.of(LocalReply.Kind.UPSTREAM_RESET, reset.detail()));
    }
  }

  /** The client's connection. */
  final class ClientSide extends Wire implements ServerCodecHost {
    @Override
    public void onRequest(int stream, RequestHead head, boolean end) {
      events.add(
          "request " + head.method() + " " + head.authority() + " " + head.path() + " " + end);
      request = head;
      onHead.accept(head);
      responseBegun = responseDone = false;
      requestDone = end;
      onClient(() -> clientCodec.request(head, end));
    }

    @Override
    public void onBadRequest(int stream, @Nullable RequestHead head, LocalReply reply) {
      events.add("bad " + reply.status());
      refusal = reply;
      if (responseBegun && !responseDone) {
        onServer(() -> server.reset(1, Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, "bad")));
      } else {
        answer(reply);
      }
      if (!requestDone && upstream.closed == null) {
        onClient(() -> clientCodec.reset(1, Reset.byDownstream(Reset.Reason.CANCELLED, "bad")));
      }
    }

    @Override
    public void onData(int stream, ByteBuf data, boolean end) {
      requestDone |= end;
      onClient(() -> clientCodec.data(1, data, end));
    }

    @Override
    public void onTrailers(int stream, Fields trailers) {
      requestDone = true;
      onClient(() -> clientCodec.trailers(1, trailers));
    }

    @Override
    public void onReset(int stream, Reset reset) {
      events.add("client reset " + reset.reason());
      responseDone = true;
      if (upstream.closed == null) {
        onClient(() -> clientCodec.reset(1, reset));
      }
    }
  }

  /** The upstream's connection. */
  final class UpstreamSide extends Wire implements ClientCodecHost {
    @Override
    public void onResponse(int stream, ResponseHead head, boolean end) {
      events.add("response " + head.status() + " " + end);
      responseBegun |= !head.isInterim();
      responseDone = end;
      onServer(() -> server.respond(1, head, end));
    }

    @Override
    public void onData(int stream, ByteBuf data, boolean end) {
      responseDone = end;
      onServer(() -> server.data(1, data, end));
    }

    @Override
    public void onTrailers(int stream, Fields trailers) {
      responseDone = true;
      onServer(() -> server.trailers(1, trailers));
    }

    @Override
    public void onReset(int stream, Reset reset) {
      events.add("upstream reset " + reset.reason());
      upstreamReset = reset;
      cut(reset);
    }
  }
}
