package dev.osprey.testkit.toy;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.message.FieldName;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.Reactions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A blocking ToyMux client over one real connection, for integration tests. Many threads may call
 * at once; each call is a stream. Never retries.
 */
public final class ToyMuxClient implements AutoCloseable {
  private static final FieldName TOKEN = FieldName.of("token");
  private static final FieldName SERVED_BY = FieldName.of("x-served-by");

  private final SocketHost host;
  private final ClientCodec codec;
  private final Map<Integer, Call> calls = new HashMap<>();

  /** Connects. */
  public ToyMuxClient(InetSocketAddress server) throws IOException {
    Socket socket = new Socket(server.getAddress(), server.getPort());
    socket.setTcpNoDelay(true);
    this.host = new SocketHost(socket, new Answers());
    this.codec =
        new ToyMuxFactory().plan(ConfigNodes.empty(), new FakePlanContext("client")).client(host);
    host.start(codec);
  }

  /**
   * An answer.
   *
   * @param status its status
   * @param servedBy which version of a codec sent it; empty when it does not say
   * @param body its body
   */
  public record Answer(int status, String servedBy, byte[] body) {}

  /** True when the connection is gone. */
  public boolean isClosed() {
    return host.isClosed();
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @param token travels with the request
   * @throws IOException when the stream or the connection ended before its time
   */
  public Answer call(String path, String token, byte[] body)
      throws IOException, InterruptedException {
    Call call = begin(path, token, body);
    host.lock.lockInterruptibly();
    try {
      while (!call.done) {
        host.changed.await();
      }
    } finally {
      host.lock.unlock();
    }
    String failure = call.failure;
    if (failure != null) {
      throw new IOException(token + ": " + failure);
    }
    return new Answer(call.status, call.servedBy, call.body.toByteArray());
  }

  /**
   * Calls an upstream that echoes, and checks that the answer is the one to this request.
   *
   * @throws IOException as {@link #call}, and when token or body are not the own ones
   */
  public Answer echo(String token, byte[] body) throws IOException, InterruptedException {
    Answer answer = call("/echo/" + token, token, body);
    if (answer.status != 200 || !Arrays.equals(answer.body, body)) {
      throw new IOException(
          token + ": status " + answer.status + ", " + answer.body.length + " bytes came back");
    }
    return answer;
  }

  /**
   * Echoes on many streams at once.
   *
   * @return what went wrong, one line for each failed stream; empty when all is well
   */
  public List<String> echoAll(int streams, int bodyBytes) throws InterruptedException {
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      String token = "t" + i;
      byte[] body = new byte[bodyBytes];
      Arrays.fill(body, (byte) i);
      threads.add(Thread.startVirtualThread(() -> echoInto(failures, token, body)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(failures);
  }

  private void echoInto(Queue<String> failures, String token, byte[] body) {
    try {
      echo(token, body);
    } catch (IOException | InterruptedException failed) {
      failures.add(failed.toString());
    }
  }

  private Call begin(String path, String token, byte[] body) throws InterruptedException {
    Call call = new Call(token);
    host.lock.lockInterruptibly();
    try {
      while (!host.isClosed() && codec.vacancies() == 0) {
        host.changed.await();
      }
      if (host.isClosed()) {
        call.fail("the connection is closed");
      }
      host.call(started -> send(call, path, body));
    } finally {
      host.lock.unlock();
    }
    return call;
  }

  private void send(Call call, String path, byte[] body) {
    RequestHead head = new RequestHead();
    head.method("CALL");
    head.authority("toy");
    head.path(path);
    head.bodyLength(body.length);
    head.fields().add("token", call.token);
    int stream = codec.request(head, body.length == 0);
    calls.put(stream, call);
    if (body.length > 0) {
      codec.data(stream, Unpooled.copiedBuffer(body), true);
    }
  }

  @Override
  public void close() {
    host.shut(Reset.byHost(Reset.Reason.DRAINING, "the test is over"));
  }

  private static final class Call {
    private final String token;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private String servedBy = "";
    private @Nullable String failure;
    private boolean done;

    Call(String token) {
      this.token = token;
    }

    void fail(String why) {
      failure = failure == null ? why : failure;
      done = true;
    }
  }

  private final class Answers implements Reactions {
    @Override
    public void response(int stream, ResponseHead head, boolean end) {
      Call call = calls.get(stream);
      if (call == null || head.isInterim()) {
        return;
      }
      call.status = head.status();
      String servedBy = head.fields().first(SERVED_BY);
      call.servedBy = servedBy == null ? "" : servedBy;
      String token = head.fields().first(TOKEN);
      if (head.status() == 200 && !call.token.equals(token)) {
        call.failure = "the answer to " + token;
      }
      finish(stream, end);
    }

    @Override
    public void data(int stream, @Owned ByteBuf data, boolean end) {
      Call call = calls.get(stream);
      if (call != null) {
        call.body.writeBytes(ByteBufUtil.getBytes(data));
      }
      data.release();
      finish(stream, end);
    }

    @Override
    public void reset(int stream, Reset reset) {
      Call call = calls.remove(stream);
      if (call != null) {
        call.fail(reset.toString());
      }
    }

    @Override
    public void closed(Reset why) {
      calls.values().forEach(call -> call.fail(why.toString()));
      calls.clear();
    }

    private void finish(int stream, boolean end) {
      Call call = end ? calls.remove(stream) : null;
      if (call != null) {
        call.done = true;
      }
    }
  }
}
