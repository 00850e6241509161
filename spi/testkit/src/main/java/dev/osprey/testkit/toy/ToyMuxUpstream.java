package dev.osprey.testkit.toy;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.Reactions;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A ToyMux server on a free port of the loopback address, for integration tests: sends each
 * request's body and its {@code token} back, piece by piece, on the same stream. Counts
 * connections.
 */
public final class ToyMuxUpstream implements AutoCloseable {
  private static final FieldName TOKEN = FieldName.of("token");

  private final ServerSocket listener;
  private final List<SocketHost> hosts = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepts = new AtomicInteger();
  private final AtomicInteger closes = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  /** Begins to listen. */
  public ToyMuxUpstream() throws IOException {
    this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("toymux-acceptor").start(this::acceptAll);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Connections accepted so far. */
  public int accepts() {
    return accepts.get();
  }

  /** Connections that ended so far, by whomever. */
  public int closes() {
    return closes.get();
  }

  /** Requests seen so far. */
  public int requests() {
    return requests.get();
  }

  private void acceptAll() {
    try {
      while (true) {
        serve(listener.accept());
      }
    } catch (IOException over) {
      // The listener was closed.
    }
  }

  private void serve(Socket socket) throws IOException {
    accepts.incrementAndGet();
    socket.setTcpNoDelay(true);
    Echo echo = new Echo();
    SocketHost host = new SocketHost(socket, echo);
    ServerCodec codec =
        new ToyMuxFactory()
            .plan(ConfigNodes.json("{\"max_streams\": 10000}"), new FakePlanContext("upstream"))
            .server(host);
    echo.codec = codec;
    hosts.add(host);
    host.start(codec);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    hosts.forEach(host -> host.shut(Reset.byHost(Reset.Reason.DRAINING, "the test is over")));
  }

  private final class Echo implements Reactions {
    private @Nullable ServerCodec codec;

    @Override
    public void request(int stream, RequestHead head, boolean end) {
      requests.incrementAndGet();
      ResponseHead answer = new ResponseHead();
      answer.status(200);
      String token = head.fields().first(TOKEN);
      answer.fields().add("token", token == null ? "" : token);
      if (codec != null) {
        codec.respond(stream, answer, end);
      }
    }

    @Override
    public void data(int stream, @Owned ByteBuf data, boolean end) {
      if (codec == null) {
        data.release();
      } else {
        codec.data(stream, data, end);
      }
    }

    @Override
    public void closed(Reset why) {
      closes.incrementAndGet();
    }
  }
}
