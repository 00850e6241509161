package dev.osprey.host.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Answers of a conversation: one JSON object a line. Thread-safe. */
final class Lines {
  private static final int CHUNK = 16 * 1024;

  private final SocketChannel channel;

  Lines(SocketChannel channel) {
    this.channel = channel;
  }

  /** Sends text under a key ({@code out} or {@code err}). */
  void text(String key, String text) throws IOException {
    if (!text.isEmpty()) {
      JsonObject line = new JsonObject();
      line.addProperty(key, text);
      send(line);
    }
  }

  /** Sends the exit code, which ends an answer. */
  void exit(int code) throws IOException {
    JsonObject line = new JsonObject();
    line.addProperty("exit", code);
    send(line);
  }

  /** A stream whose whole lines leave when it is flushed, all of it when it is closed. */
  OutputStream stream(String key) {
    return new Chunks(key);
  }

  private synchronized void send(JsonObject line) throws IOException {
    ByteBuffer bytes = UTF_8.encode(line + "\n");
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private final class Chunks extends OutputStream {
    private final String key;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    Chunks(String key) {
      this.key = key;
    }

    @Override
    public synchronized void write(int b) throws IOException {
      held.write(b);
      if (b == '\n' && held.size() > CHUNK) {
        close();
      }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
      held.write(bytes, offset, length);
      if (held.size() > CHUNK) {
        flush();
      }
    }

    @Override
    public synchronized void flush() throws IOException {
      byte[] bytes = held.toByteArray();
      int end = bytes.length;
      while (end > 0 && bytes[end - 1] != '\n') {
        end--;
      }
      held.reset();
      held.write(bytes, end, bytes.length - end);
      text(key, new String(bytes, 0, end, UTF_8));
    }

    @Override
    public synchronized void close() throws IOException {
      String text = held.toString(UTF_8);
      held.reset();
      text(key, text);
    }
  }
}
