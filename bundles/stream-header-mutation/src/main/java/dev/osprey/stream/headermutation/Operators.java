package dev.osprey.stream.headermutation;

import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operators without arguments, by name. */
final class Operators {
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");
  private static final Map<String, Value.Piece> PLAIN =
      Map.ofEntries(
          Map.entry("PROTOCOL", (stream, text) -> text.append(stream.request().protocol())),
          Map.entry("RESPONSE_CODE", Operators::status),
          Map.entry("CONNECTION_ID", (stream, text) -> text.append(stream.connection())),
          address("DOWNSTREAM_REMOTE_ADDRESS", StreamSession::peer),
          host("DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", StreamSession::peer),
          port("DOWNSTREAM_REMOTE_PORT", StreamSession::peer),
          address("DOWNSTREAM_DIRECT_REMOTE_ADDRESS", StreamSession::peer),
          host("DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", StreamSession::peer),
          port("DOWNSTREAM_DIRECT_REMOTE_PORT", StreamSession::peer),
          address("DOWNSTREAM_LOCAL_ADDRESS", StreamSession::local),
          host("DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", StreamSession::local),
          port("DOWNSTREAM_LOCAL_PORT", StreamSession::local));

  private Operators() {}

  /** The operator of that name; null when there is none without arguments. */
  static Value.@Nullable Piece plain(String name) {
    if (name.equals("HOSTNAME")) {
      String host = hostname();
      return (stream, text) -> text.append(host);
    }
    return PLAIN.get(name);
  }

  /** All names a value may use. */
  static List<String> names() {
    List<String> names = new ArrayList<>(PLAIN.keySet());
    names.addAll(List.of("REQ", "RESP", "HOSTNAME"));
    names.sort(null);
    return names;
  }

  private static void status(StreamSession stream, StringBuilder text) {
    ResponseHead answer = stream.response();
    if (answer != null) {
      text.append(answer.status());
    }
  }

  private static Map.Entry<String, Value.Piece> address(
      String name, Function<StreamSession, SocketAddress> of) {
    return Map.entry(
        name,
        (stream, text) -> {
          if (of.apply(stream) instanceof InetSocketAddress inet) {
            String host = inet.getAddress().getHostAddress();
            boolean brackets = host.indexOf(':') >= 0;
            text.append(brackets ? "[" + host + "]" : host).append(':').append(inet.getPort());
          }
        });
  }

  private static Map.Entry<String, Value.Piece> host(
      String name, Function<StreamSession, SocketAddress> of) {
    return Map.entry(
        name,
        (stream, text) -> {
          if (of.apply(stream) instanceof InetSocketAddress inet) {
            text.append(inet.getAddress().getHostAddress());
          }
        });
  }

  private static Map.Entry<String, Value.Piece> port(
      String name, Function<StreamSession, SocketAddress> of) {
    return Map.entry(
        name,
        (stream, text) -> {
          if (of.apply(stream) instanceof InetSocketAddress inet) {
            text.append(inet.getPort());
          }
        });
  }

  /** The name of this machine, without asking a name server; empty when nobody knows. */
  private static String hostname() {
    try {
      return Files.readString(HOSTNAME).strip();
    } catch (IOException e) {
      String name = System.getenv("HOSTNAME");
      return name == null ? "" : name;
    }
  }
}
