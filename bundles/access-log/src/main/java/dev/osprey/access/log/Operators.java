package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The operators without arguments, by name. */
final class Operators {
  private static final Map<String, Operator> PLAIN =
      Map.ofEntries(
          text("PROTOCOL", Operators::protocol),
          number("RESPONSE_CODE", Operators::status),
          text("RESPONSE_CODE_DETAILS", Operators::details),
          Map.entry("RESPONSE_FLAGS", new Flags()),
          number("BYTES_RECEIVED", AccessRecord::bytesReceived),
          number("BYTES_SENT", AccessRecord::bytesSent),
          number("DURATION", record -> millis(record.durationNanos())),
          number("REQUEST_DURATION", record -> millis(record.requestEndNanos())),
          number("RESPONSE_DURATION", record -> millis(record.firstResponseNanos())),
          number("RESPONSE_TX_DURATION", Operators::sending),
          text("UPSTREAM_CLUSTER", AccessRecord::cluster),
          text("ROUTE_NAME", AccessRecord::route),
          number("CONNECTION_ID", AccessRecord::connection),
          address("UPSTREAM_HOST", AccessRecord::upstream, true),
          address("UPSTREAM_REMOTE_ADDRESS", AccessRecord::upstream, true),
          address("UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", AccessRecord::upstream, false),
          number("UPSTREAM_REMOTE_PORT", record -> port(record.upstream())),
          address("DOWNSTREAM_REMOTE_ADDRESS", AccessRecord::peer, true),
          address("DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", AccessRecord::peer, false),
          number("DOWNSTREAM_REMOTE_PORT", record -> port(record.peer())),
          address("DOWNSTREAM_DIRECT_REMOTE_ADDRESS", AccessRecord::peer, true),
          address("DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", AccessRecord::peer, false),
          number("DOWNSTREAM_DIRECT_REMOTE_PORT", record -> port(record.peer())),
          address("DOWNSTREAM_LOCAL_ADDRESS", AccessRecord::local, true),
          address("DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", AccessRecord::local, false),
          number("DOWNSTREAM_LOCAL_PORT", record -> port(record.local())));

  private Operators() {}

  /** The operator of that name; null when there is none without arguments. */
  static @Nullable Operator plain(String name) {
    return PLAIN.get(name);
  }

  /** All names a format may use. */
  static List<String> names() {
    List<String> names = new ArrayList<>(PLAIN.keySet());
    names.addAll(List.of("START_TIME", "REQ", "RESP", "HOSTNAME"));
    names.sort(null);
    return names;
  }

  private static Map.Entry<String, Operator> text(String name, TextOperator.Value value) {
    return Map.entry(name, new TextOperator(value));
  }

  private static Map.Entry<String, Operator> number(
      String name, ToLongFunction<AccessRecord> value) {
    return Map.entry(name, new NumberOperator(value));
  }

  private static Map.Entry<String, Operator> address(
      String name, AddressOperator.Value value, boolean withPort) {
    return Map.entry(name, new AddressOperator(value, withPort, new HostTexts()));
  }

  private static @Nullable String protocol(AccessRecord record) {
    RequestHead request = record.request();
    return request == null ? null : request.protocol();
  }

  /** 0 when nothing was answered, as in Envoy. */
  private static long status(AccessRecord record) {
    ResponseHead response = record.response();
    return response == null ? 0 : response.status();
  }

  private static @Nullable String details(AccessRecord record) {
    String detail = record.detail();
    if (detail != null) {
      return detail.replace(' ', '_');
    }
    LocalReply.Kind kind = record.localReply();
    return kind == null && record.response() != null ? "via_upstream" : null;
  }

  private static long sending(AccessRecord record) {
    long first = record.firstResponseNanos();
    return first < 0 ? -1 : millis(record.durationNanos() - first);
  }

  private static long millis(long nanos) {
    return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  private static long port(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
  }
}
