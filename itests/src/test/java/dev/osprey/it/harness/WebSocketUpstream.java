package dev.osprey.it.harness;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A WebSocket server (RFC 6455) without extensions: it sends every frame back as it came, unmasked,
 * and beside that {@code pushed 0}, {@code pushed 1}, ... every few milliseconds until the client
 * closes.
 */
public final class WebSocketUpstream implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern KEY = Pattern.compile("(?i)\\r\\nsec-websocket-key: *(\\S+)\\r\\n");
  private static final int TEXT = 0x81;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 0x8A;
  private static final long PUSH_MILLIS = 3;

  private final Accepting server = Accepting.start("websocket-upstream", this::serve);
  private final AtomicInteger closedInOrder = new AtomicInteger();
  private final List<String> problems = new CopyOnWriteArrayList<>();

  private WebSocketUpstream() {}

  /** Listens on a free port. */
  public static WebSocketUpstream start() {
    return new WebSocketUpstream();
  }

  /** The port. */
  public int port() {
    return server.port();
  }

  /** Connections accepted so far. */
  public int accepted() {
    return server.count();
  }

  /** Connections that ended with the closing handshake of RFC 6455, section 7. */
  public int closedInOrder() {
    return closedInOrder.get();
  }

  /** What was wrong on the wire; empty when every connection was sound. */
  public List<String> problems() {
    return problems;
  }

  @Override
  public void close() {
    server.close();
  }

  private void serve(Socket socket) {
    try (RawHttp http = RawHttp.of(socket)) {
      socket.setSoTimeout(0);
      String head = http.readHead();
      Matcher key = KEY.matcher(head);
      if (!key.find()) {
        problems.add("no key in " + head);
        return;
      }
      http.send(
          """
          HTTP/1.1 101 Switching Protocols\r
          Upgrade: websocket\r
          Connection: Upgrade\r
          Sec-WebSocket-Accept: %s\r
          \r
          """
              .formatted(accept(key.group(1))));
      new Conversation(socket).run();
    } catch (IOException | UncheckedIOException broken) {
      if (!server.isClosed()) {
        problems.add("broken: " + broken);
      }
    }
  }

  private static String accept(String key) {
    try {
      byte[] text = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The frames of one connection. */
  private final class Conversation {
    private final DataInputStream in;
    private final DataOutputStream out;
    private volatile boolean open = true;
    private boolean inMessage;

    Conversation(Socket socket) throws IOException {
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    void run() throws IOException {
      Thread pushing = Thread.ofVirtual().name("websocket-push").start(this::push);
      try {
        while (open) {
          answer();
        }
      } finally {
        open = false;
        pushing.interrupt();
      }
    }

    /** One frame: control frames by their meaning, all others back as they are (section 5.2). */
    private void answer() throws IOException {
      int first = in.readUnsignedByte();
      byte[] payload = payload();
      switch (first & 0x0F) {
        case CLOSE -> {
          open = false;
          send(first, payload);
          closedInOrder.incrementAndGet();
        }
        case PING -> send(PONG, payload);
        default -> sendData(first, payload);
      }
    }

    /** Between the fragments of a message no other one may stand (section 5.4). */
    private synchronized void sendData(int first, byte[] payload) throws IOException {
      inMessage = (first & 0x80) == 0;
      send(first, payload);
    }

    private byte[] payload() throws IOException {
      int second = in.readUnsignedByte();
      if ((second & 0x80) == 0) {
        throw new IOException("a client's frame is not masked");
      }
      int length = second & 0x7F;
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = Math.toIntExact(in.readLong());
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(length);
      for (int i = 0; i < length; i++) {
        payload[i] ^= mask[i & 3];
      }
      return payload;
    }

    private synchronized void send(int first, byte[] payload) throws IOException {
      out.writeByte(first);
      if (payload.length < 126) {
        out.writeByte(payload.length);
      } else if (payload.length < 1 << 16) {
        out.writeByte(126);
        out.writeShort(payload.length);
      } else {
        out.writeByte(127);
        out.writeLong(payload.length);
      }
      out.write(payload);
      out.flush();
    }

    private void push() {
      try {
        for (int i = 0; open; ) {
          i += pushOne("pushed " + i) ? 1 : 0;
          Thread.sleep(PUSH_MILLIS);
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      } catch (IOException gone) {
        if (open) {
          problems.add("push: " + gone);
        }
      }
    }

    private synchronized boolean pushOne(String text) throws IOException {
      boolean now = open && !inMessage;
      if (now) {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
      }
      return now;
    }
  }
}
