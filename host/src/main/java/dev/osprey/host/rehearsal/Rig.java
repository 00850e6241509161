package dev.osprey.host.rehearsal;

import dev.osprey.host.fence.OpenFence;
import dev.osprey.host.fence.Strangers;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The smallest proxy in memory: a codec that faces a client and one that faces an upstream, back to
 * back. Knows no protocol; answers itself when it was told to.
 */
final class Rig implements AutoCloseable {
  static {
    Strangers.meetInRehearsal();
  }

  final CodecPlan plan;
  final End serverEnd = new End();
  final End clientEnd = new End();
  final Map<Integer, Pipe> byServer = new HashMap<>();
  final Map<Integer, Pipe> byClient = new HashMap<>();
  private final Deque<Pipe> waiting = new ArrayDeque<>();
  private final ServerSide serverHost = new ServerSide(this);
  private final ClientSide clientHost = new ClientSide(this);
  @Nullable Script script;
  LocalReply.@Nullable Kind always;
  long messages;
  int codecs;
  private OpenFence server;
  private @Nullable OpenFence client;

  Rig(CodecPlan plan) {
    this.plan = plan;
    this.server = OpenFence.server(plan, serverHost);
  }

  OpenFence server() {
    return server;
  }

  OpenFence client() {
    return Objects.requireNonNull(client);
  }

  /** Begins with new connections, if the old ones were closed or are to be given up. */
  void renew(boolean always) {
    if (always || serverEnd.closed || serverEnd.tunnel) {
      server.closed();
      serverEnd.renew();
      server = OpenFence.server(plan, serverHost);
      codecs++;
      hangUp();
    }
  }

  /** The client sends. */
  void fromClient(byte[] bytes, int from, int to) {
    serverEnd.in.writeBytes(bytes, from, to - from);
    pump();
  }

  /** The upstream sends. */
  void fromUpstream(byte[] bytes, int from, int to) {
    clientEnd.in.writeBytes(bytes, from, to - from);
    pump();
  }

  /** True while an answer of the upstream is awaited, or its bytes go through. */
  boolean awaitsUpstream() {
    return !byClient.isEmpty() || clientEnd.tunnel;
  }

  /** The upstream sends no more. */
  void upstreamEnds() {
    if (client != null && !clientEnd.closed && !clientEnd.tunnel && !byClient.isEmpty()) {
      client.endOfInput(clientEnd.in);
      pump();
      hangUp();
    }
  }

  /** Both codecs detach and attach again, through their records. */
  void move() {
    if (!serverEnd.closed && !serverEnd.tunnel) {
      server = OpenFence.server(plan, record(server), serverHost);
    }
    if (client != null && !clientEnd.closed && !clientEnd.tunnel) {
      client = OpenFence.client(plan, record(client), clientHost);
    }
  }

  /** Sends a request on, now or as soon as the upstream connection can take one. */
  void open(Pipe pipe) {
    waiting.addLast(pipe);
    openWaiting();
  }

  /** The proxy's own answer. */
  void answer(Pipe pipe, LocalReply reply) {
    LocalAnswer answer = OpenFence.answer(plan, reply, pipe.head);
    boolean bodiless = answer.body().length == 0;
    pipe.responding = true;
    pipe.responseEnded = true;
    server.respond(pipe.server, answer.head(), bodiless);
    if (!bodiless) {
      server.data(pipe.server, Unpooled.wrappedBuffer(answer.body()), true);
    }
    abandonUpstream(pipe);
    endIfDone(pipe);
  }

  /** The upstream's half of a stream has failed. */
  void upstreamFailed(Pipe pipe, Reset why) {
    byClient.remove(pipe.client);
    pipe.client = Pipe.NONE;
    if (serverEnd.closed) {
      forget(pipe);
    } else if (pipe.responding) {
      forget(pipe);
      server.reset(pipe.server, why);
    } else {
      answer(pipe, LocalReply.of(LocalReply.Kind.UPSTREAM_PROTOCOL_ERROR, why.detail()));
    }
  }

  /** The client's half of a stream has failed. */
  void downstreamFailed(Pipe pipe, Reset why) {
    int upstream = pipe.client;
    byClient.remove(upstream);
    forget(pipe);
    if (upstream != Pipe.NONE && client != null && !clientEnd.closed) {
      client.reset(upstream, why);
    }
  }

  /** Forgets a stream that has ended both ways. */
  void endIfDone(Pipe pipe) {
    if (pipe.requestEnded && pipe.responseEnded && pipe.up.isEmpty() && pipe.down.isEmpty()) {
      byClient.remove(pipe.client);
      forget(pipe);
    }
  }

  /** A piece of a request goes on, now or when the upstream's codec can take it. */
  void toUpstream(Pipe pipe, Pipe.Part part) {
    if (pipe.up.isEmpty() && upstreamTakes(pipe)) {
      write(client(), pipe.client, part, server, pipe.server);
    } else {
      pipe.up.add(part);
    }
    flush(pipe);
  }

  /** A piece of an answer goes on, now or when the client's codec can take it. */
  void toClient(Pipe pipe, Pipe.Part part) {
    if (pipe.down.isEmpty() && clientTakes(pipe)) {
      write(server, pipe.server, part, client, pipe.client);
    } else {
      pipe.down.add(part);
    }
    flush(pipe);
  }

  private boolean upstreamTakes(Pipe pipe) {
    return pipe.client != Pipe.NONE && !clientEnd.closed && client().isWritable(pipe.client);
  }

  private boolean clientTakes(Pipe pipe) {
    return !serverEnd.closed && server.isWritable(pipe.server);
  }

  /** Writes what waits, as far as the codecs take it. */
  void flush(Pipe pipe) {
    while (!pipe.up.isEmpty() && upstreamTakes(pipe)) {
      write(client(), pipe.client, pipe.up.next(), server, pipe.server);
    }
    while (!pipe.down.isEmpty() && clientTakes(pipe)) {
      write(server, pipe.server, pipe.down.next(), client, pipe.client);
    }
    endIfDone(pipe);
  }

  /** Every stream gets another chance to be written. */
  void flushAll() {
    if (!byServer.isEmpty()) {
      List.copyOf(byServer.values()).forEach(this::flush);
    }
  }

  @Override
  public void close() {
    byServer.values().forEach(Pipe::release);
    server.closed();
    if (client != null) {
      client.closed();
    }
    serverEnd.release();
    clientEnd.release();
  }

  private void write(
      OpenFence to, int stream, Pipe.Part part, @Nullable OpenFence from, int fromStream) {
    ByteBuf data = part.data();
    if (data == null) {
      to.trailers(stream, Objects.requireNonNull(part.trailers()));
      return;
    }
    int bytes = data.readableBytes();
    to.data(stream, data, part.end());
    if (OpenFence.isMultiplexed(plan) && from != null && fromStream != Pipe.NONE && bytes > 0) {
      from.credit(fromStream, bytes);
    }
  }

  private void forget(Pipe pipe) {
    byServer.remove(pipe.server);
    waiting.remove(pipe);
    pipe.release();
  }

  private void abandonUpstream(Pipe pipe) {
    waiting.remove(pipe);
    if (pipe.client != Pipe.NONE) {
      byClient.remove(pipe.client);
      if (client != null && !clientEnd.closed) {
        client.reset(pipe.client, Reset.byHost(Reset.Reason.CANCELLED, "rehearsal"));
      }
      pipe.client = Pipe.NONE;
    }
  }

  private void hangUp() {
    if (client != null) {
      client.closed();
      client = null;
      codecs++;
    }
    clientEnd.renew();
    for (Pipe pipe : List.copyOf(byClient.values())) {
      byClient.remove(pipe.client);
      forget(pipe);
    }
  }

  private void pump() {
    boolean more = true;
    while (more) {
      more = read(server, serverEnd);
      more |= openWaiting();
      more |= readClient();
      more |= tunnel();
    }
  }

  private boolean readClient() {
    boolean read = client != null && !byClient.isEmpty() && read(client, clientEnd);
    if (clientEnd.closed) {
      hangUp();
    }
    return read;
  }

  private boolean openWaiting() {
    boolean opened = false;
    while (!waiting.isEmpty() && hasVacancy()) {
      Pipe pipe = waiting.removeFirst();
      pipe.client = client().request(Objects.requireNonNull(pipe.head), pipe.headOnly);
      byClient.put(pipe.client, pipe);
      flush(pipe);
      opened = true;
    }
    return opened;
  }

  private boolean hasVacancy() {
    if (client == null) {
      client = OpenFence.client(plan, clientHost);
    }
    if (client.vacancies() == 0 && byClient.isEmpty() && !clientEnd.tunnel) {
      hangUp();
      client = OpenFence.client(plan, clientHost);
    }
    return client.vacancies() > 0;
  }

  private boolean tunnel() {
    boolean both = serverEnd.tunnel && clientEnd.tunnel;
    if (!both || !(serverEnd.in.isReadable() || clientEnd.in.isReadable())) {
      return false;
    }
    clientEnd.out.writeBytes(serverEnd.in);
    serverEnd.out.writeBytes(clientEnd.in);
    return true;
  }

  private static boolean read(OpenFence codec, End end) {
    if (end.closed || end.tunnel || !end.in.isReadable()) {
      return false;
    }
    int at = end.in.readerIndex();
    int reports = end.reports;
    Progress progress = codec.decode(end.in);
    boolean moved = end.in.readerIndex() != at || end.reports != reports;
    if (!end.in.isReadable()) {
      end.in.clear();
    }
    return moved && progress != Progress.WAIT;
  }

  private StateRecord record(OpenFence codec) {
    StateRecord record = codec.detach();
    if (!OpenFence.reads(plan, record)) {
      throw new IllegalStateException(
          "it does not read its own record " + record.format() + " " + record.version());
    }
    return record;
  }
}
