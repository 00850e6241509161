package dev.osprey.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps one connection, sends request after request and never retries. Every request
 * carries a token that its answer must repeat; the codec's version comes in {@code x-osprey-codec}.
 */
final class DemoCaller implements Runnable {
  /** Longer than this, and an exchange has failed. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** What a caller does between two requests. */
  enum Pace {
    /** 2 ms of thought after each answer. */
    BUSY(Duration.ofMillis(2), false),
    /** A request each 0.5 s, timed from when it was due. */
    CALM(Duration.ofMillis(500), true);

    private final Duration pause;
    private final boolean fixedRate;

    Pace(Duration pause, boolean fixedRate) {
      this.pause = pause;
      this.fixedRate = fixedRate;
    }
  }

  private final String name;
  private final int port;
  private final Pace pace;
  private final Tally tally;
  private final BooleanSupplier running;
  private @Nullable HttpConnection connection;
  private @Nullable String lastVersion;
  private int changes;

  DemoCaller(String name, int port, Pace pace, Tally tally, BooleanSupplier running) {
    this.name = name;
    this.port = port;
    this.pace = pace;
    this.tally = tally;
    this.running = running;
  }

  @Override
  public void run() {
    long due = System.nanoTime();
    for (long number = 1; running.getAsBoolean(); number++) {
      attempt(number, due);
      long now = System.nanoTime();
      due = pace.fixedRate ? Math.max(due + pace.pause.toNanos(), now) : now + pace.pause.toNanos();
      LockSupport.parkNanos(due - now);
    }
    drop();
  }

  /** How often the version changed between two answers; read it when the run has ended. */
  int versionChanges() {
    return changes;
  }

  private void attempt(long number, long due) {
    try {
      HttpConnection open = connection;
      if (open == null) {
        open = HttpConnection.open(port, TIMEOUT);
        connection = open;
      }
      exchange(open, name + "-" + number, due);
    } catch (IOException | NumberFormatException failure) {
      tally.failed(name, failure.toString());
      if (connection != null) {
        tally.lost(name, failure.toString());
      }
      drop();
    }
  }

  private void exchange(HttpConnection open, String token, long due) throws IOException {
    open.send(
        "POST /echo HTTP/1.1\r\nHost: demo\r\nContent-Type: text/plain\r\nContent-Length: "
            + token.length()
            + "\r\n\r\n"
            + token);
    HttpConnection.Head head = open.readHead();
    ByteArrayOutputStream body = new ByteArrayOutputStream(512);
    open.readBody(head, body);
    if (head.status() == 200 && body.toString(UTF_8).endsWith("\n\n" + token)) {
      String version = head.fields().getOrDefault("x-osprey-codec", "unknown");
      tally.answered(System.nanoTime() - due, version);
      noteVersion(version);
    } else {
      tally.failed(name, "status " + head.status() + " or a wrong token for " + token);
    }
    if (head.saysClose()) {
      tally.lost(name, "an answer said close");
      drop();
    }
  }

  private void noteVersion(String version) {
    if (lastVersion != null && !lastVersion.equals(version)) {
      changes++;
    }
    lastVersion = version;
  }

  private void drop() {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException broken) {
        tally.lost(name, broken.toString());
      }
      connection = null;
    }
  }
}
