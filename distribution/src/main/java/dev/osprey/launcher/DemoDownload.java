package dev.osprey.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/**
 * One answer that goes on through all swaps: a line a second, which must come whole and in order.
 */
final class DemoDownload implements Runnable {
  private static final int SECONDS = 3_000;

  private final String name;
  private final int port;
  private final Tally tally;
  private volatile int lines;

  DemoDownload(String name, int port, Tally tally) {
    this.name = name;
    this.port = port;
    this.tally = tally;
  }

  @Override
  public void run() {
    try (HttpConnection connection = HttpConnection.open(port, DemoCaller.TIMEOUT)) {
      connection.send("GET /stream?seconds=" + SECONDS + " HTTP/1.1\r\nHost: demo\r\n\r\n");
      HttpConnection.Head head = connection.readHead();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      connection.readBody(head, body);
      lines = check(head, body.toString(UTF_8).lines().toList());
    } catch (IOException | NumberFormatException failure) {
      tally.failed(name, failure.toString());
      tally.lost(name, failure.toString());
    }
  }

  /** The lines that came, once the download has ended well. */
  int lines() {
    return lines;
  }

  private static int check(HttpConnection.Head head, List<String> lines) throws IOException {
    if (head.status() != 200 || lines.isEmpty()) {
      throw new IOException("status " + head.status() + " with " + lines.size() + " lines");
    }
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).equals("line " + (i + 1) + " of " + SECONDS)) {
        throw new IOException("line " + (i + 1) + " is \"" + lines.get(i) + "\"");
      }
    }
    return lines.size();
  }
}
