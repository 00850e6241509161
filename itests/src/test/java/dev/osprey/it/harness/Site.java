package dev.osprey.it.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A web site: a page with a style sheet, scripts and images, numbers to fetch, and a script that
 * arrives only when the page has reported that it is done, so that the page's load waits for it.
 */
public final class Site implements AutoCloseable {
  private static final byte[] PIXEL =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
                  + "AABJRU5ErkJggg==");
  private static final String SCRIPT = "text/javascript";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> texts;
  private final AtomicInteger numbers = new AtomicInteger();
  private final CountDownLatch done = new CountDownLatch(1);

  private Site(Map<String, String> texts) throws IOException {
    this.texts = texts;
    server = HttpServer.create(Ports.loopback(0), 100);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Serves texts by path. */
  public static Site start(Map<String, String> texts) {
    try {
      return new Site(texts);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The port. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Numbers fetched so far. */
  public int numbers() {
    return numbers.get();
  }

  @Override
  public void close() {
    done.countDown();
    server.stop(0);
    threads.close();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/number/")) {
        numbers.incrementAndGet();
        answer(exchange, "text/plain", path.substring(8).getBytes(StandardCharsets.UTF_8));
      } else if (path.endsWith(".png")) {
        answer(exchange, "image/png", PIXEL);
      } else if (path.equals("/echo")) {
        answer(exchange, "application/octet-stream", body);
      } else if (path.equals("/done")) {
        done.countDown();
        answer(exchange, "text/plain", new byte[] {'1'});
      } else if (path.equals("/last.js")) {
        awaitDone();
        answer(exchange, SCRIPT, new byte[] {';'});
      } else {
        text(exchange, path);
      }
    }
  }

  private void text(HttpExchange exchange, String path) throws IOException {
    String text = texts.get(path);
    if (text == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    String type = path.endsWith(".css") ? "text/css" : path.endsWith(".js") ? SCRIPT : "text/html";
    answer(exchange, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private void awaitDone() {
    try {
      if (!done.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the page is not done within a minute");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
