package dev.osprey.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A small HTTP server of this process, on a free port of the loopback address, for a proxy to stand
 * in front of: {@code /}, {@code /hello}, {@code /echo}, {@code /stream?seconds=N}, {@code
 * /bytes/N}.
 */
final class DemoUpstream implements Closeable {
  static final String INDEX =
      """
      This is the demo upstream. Paths:
        /hello              a greeting
        /echo               your request, back as text
        /stream?seconds=N   a line each second, chunked
        /bytes/N            N bytes
      """;

  private static final int MAX_SECONDS = 3_600;
  private static final long MAX_BYTES = 1L << 30;

  private final HttpServer server;
  private final ExecutorService threads;
  private final CountDownLatch ending = new CountDownLatch(1);

  private DemoUpstream(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  static DemoUpstream start() throws IOException {
    // Two small writes for an answer must not wait for each other's acknowledgement, and idle
    // connections are the proxy's to close.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.idleInterval", "86400");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    DemoUpstream upstream = new DemoUpstream(server, threads);
    server.setExecutor(threads);
    server.createContext("/", closing(DemoUpstream::index));
    server.createContext("/hello", closing(it -> text(it, 200, "hello from the demo upstream\n")));
    server.createContext("/echo", closing(DemoUpstream::echo));
    server.createContext("/stream", closing(upstream::stream));
    server.createContext("/bytes/", closing(DemoUpstream::bytes));
    server.start();
    return upstream;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Brings all streams that still run to their proper end. */
  void endStreams() {
    ending.countDown();
  }

  @Override
  public void close() {
    endStreams();
    server.stop(0);
    threads.shutdownNow();
  }

  private static HttpHandler closing(HttpHandler handler) {
    return exchange -> {
      try (exchange) {
        handler.handle(exchange);
      }
    };
  }

  private static void index(HttpExchange exchange) throws IOException {
    boolean known = exchange.getRequestURI().getPath().equals("/");
    text(exchange, known ? 200 : 404, known ? INDEX : "no such path\n");
  }

  private static void echo(HttpExchange exchange) throws IOException {
    StringBuilder answer = new StringBuilder();
    answer.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
    answer.append('\n');
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            values.forEach(value -> answer.append(name).append(": ").append(value).append('\n')));
    answer.append('\n').append(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    text(exchange, 200, answer.toString());
  }

  private void stream(HttpExchange exchange) throws IOException {
    long seconds = number(exchange.getRequestURI().getQuery(), "seconds=", 10, MAX_SECONDS);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      for (long line = 1; line <= seconds; line++) {
        body.write(("line " + line + " of " + seconds + "\n").getBytes(UTF_8));
        body.flush();
        if (ending.await(1, TimeUnit.SECONDS)) {
          return;
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void bytes(HttpExchange exchange) throws IOException {
    long count = number(exchange.getRequestURI().getPath(), "/bytes/", 0, MAX_BYTES);
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    exchange.sendResponseHeaders(200, count == 0 ? -1 : count);
    byte[] block = new byte[(int) Math.min(count, 65_536)];
    try (OutputStream body = exchange.getResponseBody()) {
      for (long left = count; left > 0; left -= block.length) {
        body.write(block, 0, (int) Math.min(left, block.length));
      }
    }
  }

  private static void text(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
  }

  private static long number(String text, String prefix, long otherwise, long max) {
    if (text == null || !text.startsWith(prefix)) {
      return otherwise;
    }
    try {
      return Math.clamp(Long.parseLong(text.substring(prefix.length())), 0, max);
    } catch (NumberFormatException notANumber) {
      return otherwise;
    }
  }
}
