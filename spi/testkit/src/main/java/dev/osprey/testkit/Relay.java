package dev.osprey.testkit;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The smallest proxy there is: one client's connection and the upstream connections it needs, one
 * after the other, wired back to back. Everything a codec reports on one side is said on the other
 * at once, from inside the callback.
 */
public final class Relay {
  private final CodecPlan plan;
  private final TrackingAllocator alloc;
  private final Leg server;
  private final List<Leg> clients = new ArrayList<>();
  private final Map<Integer, Route> routes = new HashMap<>();
  private Leg.SwapSchedule clientSwaps = Leg.SwapSchedule.NEVER;

  /** Which upstream stream serves a client's stream, and the bodies on their way. */
  private record Route(Leg leg, int stream, Pipe up, Pipe down) {
    void release() {
      up.release();
      down.release();
    }
  }

  /** A relay both of whose sides use that plan. */
  public Relay(CodecPlan plan, TrackingAllocator alloc) {
    this.plan = plan;
    this.alloc = alloc;
    this.server = Leg.server(plan, alloc, new FromClient());
  }

  /** Says when either side moves to another plan. */
  public Relay swapping(Leg.SwapSchedule serverSwaps, Leg.SwapSchedule upstreamSwaps) {
    server.swapping(serverSwaps);
    clientSwaps = upstreamSwaps;
    return this;
  }

  /** The side that faces the client. */
  public Leg server() {
    return server;
  }

  /** The upstream connections so far; the last is in use. */
  public List<Leg> clients() {
    return List.copyOf(clients);
  }

  /** All bytes sent to upstreams, over all connections. */
  public byte[] upstreamOutput() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    clients.forEach(leg -> all.writeBytes(leg.recording().output()));
    return all.toByteArray();
  }

  /** All reports of upstream codecs, over all connections. */
  public List<Event> upstreamEvents() {
    List<Event> all = new ArrayList<>();
    clients.forEach(leg -> all.addAll(leg.recording().events()));
    return all;
  }

  /** The client sends. */
  public void fromClient(byte[] bytes) {
    server.feed(bytes);
    settle();
  }

  /** The upstream sends; what comes while no answer is awaited is kept until one is. */
  public void fromUpstream(byte[] bytes) {
    if (clients.isEmpty()) {
      connect();
    }
    clients.getLast().feed(bytes);
    settle();
  }

  /** The client sends no more. */
  public void clientEnds() {
    server.end();
    settle();
  }

  /** The host has waited long enough for the request that lies unread. */
  public void requestTimedOut() {
    server.requestTimedOut();
    settle();
  }

  /** The upstream sends no more. */
  public void upstreamEnds() {
    if (!clients.isEmpty()) {
      clients.getLast().end();
      settle();
    }
  }

  /** Both connections are lost. */
  public void lost() {
    routes.values().forEach(Route::release);
    server.lost();
    clients.forEach(Leg::lost);
  }

  /** Lets both sides read on until nothing changes any more. */
  private void settle() {
    int before;
    do {
      before = unread();
      server.read();
      if (!clients.isEmpty()) {
        clients.getLast().read();
      }
    } while (unread() < before);
  }

  private int unread() {
    return server.unreadBytes() + (clients.isEmpty() ? 0 : clients.getLast().unreadBytes());
  }

  private Leg vacant() {
    if (clients.isEmpty() || clients.getLast().isClosed() || clients.getLast().vacancies() < 1) {
      connect();
    }
    return clients.getLast();
  }

  private void connect() {
    byte[] rest = clients.isEmpty() ? new byte[0] : clients.getLast().takeUnread();
    FromUpstream reactions = new FromUpstream();
    Leg leg = Leg.client(plan, alloc, reactions).swapping(clientSwaps);
    reactions.leg = leg;
    clients.add(leg);
    leg.feed(rest);
  }

  private @Nullable Route forget(int stream) {
    Route route = routes.remove(stream);
    if (route != null) {
      route.release();
    }
    return route;
  }

  private void answer(int stream, LocalReply reply, @Nullable RequestHead head) {
    LocalAnswer answer = plan.answer(reply, head);
    respond(server, stream, answer);
  }

  /** Sends a local answer on a stream. */
  static void respond(Leg leg, int stream, LocalAnswer answer) {
    boolean bodiless = answer.body().length == 0;
    leg.respond(stream, answer.head(), bodiless);
    if (!bodiless) {
      byte[] body = answer.body();
      leg.data(stream, leg.recording().alloc().buffer(body.length).writeBytes(body), true);
    }
  }

  private final class FromClient implements Reactions {
    @Override
    public void request(int stream, RequestHead head, boolean end) {
      Leg leg = vacant();
      int opened = leg.request(head, end);
      if (opened == 0) {
        answer(stream, LocalReply.badRequest(400, "not to be said upstream"), head);
      } else {
        forget(stream);
        Pipe up = new Pipe(server, stream, leg, opened);
        routes.put(stream, new Route(leg, opened, up, new Pipe(leg, opened, server, stream)));
      }
    }

    @Override
    public void badRequest(int stream, @Nullable RequestHead head, LocalReply reply) {
      Route route = forget(stream);
      if (route != null) {
        route.leg.reset(route.stream, Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, "bad"));
      }
      if (server.recording().isAnswered(stream)) {
        server.reset(stream, Reset.byHost(Reset.Reason.PROTOCOL_ERROR, "bad"));
      } else {
        answer(stream, reply, head);
      }
    }

    @Override
    public void data(int stream, @Owned ByteBuf data, boolean end) {
      Route route = routes.get(stream);
      if (route == null) {
        server.credit(stream, data.readableBytes());
        data.release();
      } else {
        route.up.data(data, end);
      }
    }

    @Override
    public void trailers(int stream, Fields trailers) {
      Route route = routes.get(stream);
      if (route != null) {
        route.up.trailers(trailers);
      }
    }

    @Override
    public void reset(int stream, Reset reset) {
      Route route = forget(stream);
      if (route != null) {
        route.leg.reset(route.stream, reset);
      }
    }

    @Override
    public void writable() {
      List.copyOf(routes.values()).forEach(route -> route.down.drain());
    }

    @Override
    public void closed(Reset why) {
      for (int stream : List.copyOf(routes.keySet())) {
        reset(stream, why);
      }
    }
  }

  private final class FromUpstream implements Reactions {
    private @Nullable Leg leg;

    @Override
    public void response(int stream, ResponseHead head, boolean end) {
      int down = downstream(stream);
      if (down != 0) {
        server.respond(down, head, end);
      }
    }

    @Override
    public void data(int stream, @Owned ByteBuf data, boolean end) {
      Route route = routes.get(downstream(stream));
      if (route == null) {
        data.release();
      } else {
        route.down.data(data, end);
      }
    }

    @Override
    public void trailers(int stream, Fields trailers) {
      Route route = routes.get(downstream(stream));
      if (route != null) {
        route.down.trailers(trailers);
      }
    }

    @Override
    public void writable() {
      for (Route route : List.copyOf(routes.values())) {
        if (route.leg == leg) {
          route.up.drain();
        }
      }
    }

    @Override
    public void reset(int stream, Reset reset) {
      int down = downstream(stream);
      if (down != 0) {
        forget(down);
        cut(down, reset);
      }
    }

    @Override
    public void closed(Reset why) {
      for (int down : List.copyOf(routes.keySet())) {
        Route route = routes.get(down);
        if (route != null && route.leg == leg && isUnfinished(down)) {
          forget(down);
          cut(down, why);
        }
      }
    }

    /**
     * An upstream that closes after its answer has done no harm, as long as the client has it all.
     */
    private boolean isUnfinished(int down) {
      return server.recording().isSending(down);
    }

    private void cut(int down, Reset reset) {
      if (server.recording().isAnswered(down)) {
        server.reset(down, reset);
      } else {
        answer(down, LocalReply.of(LocalReply.Kind.UPSTREAM_RESET, reset.detail()), null);
      }
    }

    private int downstream(int stream) {
      for (Map.Entry<Integer, Route> entry : routes.entrySet()) {
        if (entry.getValue().leg == leg && entry.getValue().stream == stream) {
          return entry.getKey();
        }
      }
      return 0;
    }
  }
}
