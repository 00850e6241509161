package dev.osprey.it.harness;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's WebSocket client with one numbered message after the other, short ones and long ones in
 * three fragments: what returns, and what the server sends by itself, must be whole and in order.
 */
public final class WebSocketClient implements WebSocket.Listener {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final WebSocket socket;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final Thread sending;
  private final StringBuilder part = new StringBuilder();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong returned = new AtomicLong();
  private final AtomicLong pushed = new AtomicLong();
  private volatile boolean ending;

  private WebSocketClient(URI uri) {
    socket = HTTP.newWebSocketBuilder().connectTimeout(BOUND).buildAsync(uri, this).join();
    sending = Thread.ofVirtual().name("websocket-sending").start(this::sendAll);
  }

  /** Connects and begins to send. */
  public static WebSocketClient connect(URI uri) {
    return new WebSocketClient(uri);
  }

  /** Messages that came back. */
  public long returned() {
    return returned.get();
  }

  /** Messages that the server sent by itself. */
  public long pushed() {
    return pushed.get();
  }

  /** What was lost, out of order, or otherwise wrong. */
  public List<String> problems() {
    return problems;
  }

  /** Sends no more, waits for all that is under way, and ends with the closing handshake. */
  public void end() {
    ending = true;
    try {
      sending.join(BOUND);
      for (int i = 0; i < BOUND.toMillis() / 10 && returned.get() < sent.get(); i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
      int code = closed.get(BOUND.toSeconds(), TimeUnit.SECONDS);
      if (code != WebSocket.NORMAL_CLOSURE || returned.get() < sent.get()) {
        problems.add(
            "ended with %d, %d of %d came back".formatted(code, returned.get(), sent.get()));
      }
    } catch (Exception failure) {
      problems.add("end: " + failure);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      take(part.toString());
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    problems.add(error.toString());
    closed.completeExceptionally(error);
  }

  @Override
  public String toString() {
    return "%d returned, %d pushed".formatted(returned.get(), pushed.get());
  }

  private void take(String text) {
    boolean own = text.startsWith("pushed ");
    String expected = own ? "pushed " + pushed : message(returned.get());
    if (!text.equals(expected)) {
      problems.add("expected " + start(expected) + ", got " + start(text));
    }
    if (own) {
      pushed.incrementAndGet();
    } else {
      returned.incrementAndGet();
    }
  }

  private void sendAll() {
    try {
      while (!ending) {
        send(message(sent.get()));
        sent.incrementAndGet();
        Thread.sleep(2);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failure) {
      problems.add("message " + sent + ": " + failure);
    }
  }

  private void send(String text) {
    int third = text.length() > 1_000 ? text.length() / 3 : 0;
    for (int i = 1; i <= 2 && third > 0; i++) {
      socket.sendText(text.substring((i - 1) * third, i * third), false).join();
    }
    socket.sendText(text.substring(2 * third), true).join();
  }

  private static String message(long number) {
    return "sent " + number + (number % 10 == 9 ? " " + "x".repeat(90_000) : "");
  }

  private static String start(String text) {
    return text.substring(0, Math.min(20, text.length()));
  }
}
