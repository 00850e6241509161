package dev.osprey.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * An upstream that records every message byte by byte and answers with bytes of the test's choice,
 * right or wrong.
 */
public final class ScriptedUpstream implements AutoCloseable {
  private static final String USUAL = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final Accepting server = Accepting.start("scripted-upstream", this::serve);
  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private volatile Function<String, Answer> script = message -> Answer.of(USUAL);

  /**
   * An answer.
   *
   * @param bytes what is written
   * @param end whether the connection is broken behind it
   */
  public record Answer(String bytes, boolean end) {
    /** Bytes, and the connection stays open. */
    public static Answer of(String bytes) {
      return new Answer(bytes, false);
    }

    /** Bytes, then FIN. */
    public static Answer last(String bytes) {
      return new Answer(bytes, true);
    }
  }

  private ScriptedUpstream() {}

  /** Listens on a free port and answers everything with a short 200. */
  public static ScriptedUpstream start() {
    return new ScriptedUpstream();
  }

  /** Answers by a script from now on; it may block. */
  public ScriptedUpstream answering(Function<String, Answer> answers) {
    script = answers;
    return this;
  }

  /** Answers everything with the same bytes from now on. */
  public ScriptedUpstream answering(Answer answer) {
    return answering(message -> answer);
  }

  /** The port. */
  public int port() {
    return server.port();
  }

  /** Every message so far: heads with the bodies that they announce. */
  public List<String> messages() {
    return messages;
  }

  /** Connections accepted so far. */
  public int accepted() {
    return server.count();
  }

  /** Connections that broke. */
  public int broken() {
    return broken.get();
  }

  /** Connections that the peer ended between two messages. */
  public int ended() {
    return ended.get();
  }

  /** Forgets what it has seen and the script. */
  public void reset() {
    messages.clear();
    script = message -> Answer.of(USUAL);
  }

  @Override
  public void close() {
    server.close();
  }

  private void serve(Socket socket) {
    try (RawHttp connection = RawHttp.of(socket)) {
      socket.setSoTimeout(0);
      while (true) {
        String head = connection.readHead();
        if (head.isEmpty()) {
          ended.incrementAndGet();
          return;
        }
        String message = head + connection.readBody(head);
        messages.add(message);
        Answer answer = script.apply(message);
        connection.send(answer.bytes());
        if (answer.end()) {
          connection.end();
          connection.readToEnd();
          return;
        }
      }
    } catch (IOException | UncheckedIOException gone) {
      broken.incrementAndGet();
    }
  }
}
