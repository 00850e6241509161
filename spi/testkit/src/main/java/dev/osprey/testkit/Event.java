package dev.osprey.testkit;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One report of a codec to its host, as text that people can read and tests can compare.
 *
 * @param kind which report
 * @param stream the stream it belongs to; 0 for the connection
 * @param text what it carried; body bytes as ISO-8859-1
 * @param end true when nothing follows on the stream
 */
public record Event(Kind kind, int stream, String text, boolean end) {
  /** The reports there are. */
  public enum Kind {
    /** A request head. */
    REQUEST,
    /** A response head, final or interim. */
    RESPONSE,
    /** Body bytes. */
    DATA,
    /** Trailers. */
    TRAILERS,
    /** The end of a message; only in a normal form. */
    END,
    /** A stream that ended before its time. */
    RESET,
    /** Nothing new will come. */
    GOODBYE,
    /** A request that broke the rules. */
    BAD_REQUEST,
    /** The codec may take more. */
    WRITABLE,
    /** The codec closed the connection. */
    CLOSE,
    /** The connection became a tunnel. */
    TUNNEL
  }

  static Event request(int stream, RequestHead head, boolean end) {
    return new Event(Kind.REQUEST, stream, text(head), end);
  }

  static Event response(int stream, ResponseHead head, boolean end) {
    String tunnel = head.opensTunnel() ? " tunnel" : "";
    String text = head.status() + tunnel + length(head.bodyLength()) + text(head.fields());
    return new Event(Kind.RESPONSE, stream, text, end);
  }

  static Event bad(int stream, @Nullable RequestHead head, LocalReply reply) {
    return new Event(Kind.BAD_REQUEST, stream, reply.status() + " " + reply.detail(), false);
  }

  static Event reset(Kind kind, int stream, Reset reset) {
    String text = reset.source() + " " + reset.reason() + (reset.retryable() ? " retryable" : "");
    return new Event(kind, stream, text, false);
  }

  /** The fields as {@code {name: value, name: value}}; nothing for none. */
  public static String text(Fields fields) {
    if (fields.size() == 0) {
      return "";
    }
    StringBuilder all = new StringBuilder(" {");
    for (int i = 0; i < fields.size(); i++) {
      all.append(i == 0 ? "" : ", ").append(fields.name(i)).append(": ").append(fields.value(i));
    }
    return all.append('}').toString();
  }

  /**
   * The normal form of a history, in which all histories of equal meaning are equal: grouped by
   * stream in the order in which streams appear, neighbouring data merged, every end an event of
   * its own, and without {@link Kind#WRITABLE}. Streams whose number is used again are one group.
   */
  public static List<Event> normal(List<Event> history) {
    Map<Integer, List<Event>> streams = new LinkedHashMap<>();
    for (Event event : history) {
      if (event.kind != Kind.WRITABLE) {
        append(streams.computeIfAbsent(event.stream, key -> new ArrayList<>()), event);
      }
    }
    List<Event> all = new ArrayList<>();
    streams.values().forEach(all::addAll);
    return all;
  }

  private static void append(List<Event> stream, Event event) {
    Event last = stream.isEmpty() ? null : stream.getLast();
    if (event.kind == Kind.DATA && last != null && last.kind == Kind.DATA) {
      stream.removeLast();
      stream.add(new Event(Kind.DATA, event.stream, last.text + event.text, false));
    } else if (event.kind != Kind.DATA || !event.text.isEmpty()) {
      stream.add(new Event(event.kind, event.stream, event.text, false));
    }
    if (event.end) {
      stream.add(new Event(Kind.END, event.stream, "", false));
    }
  }

  private static String text(RequestHead head) {
    String upgrade = head.upgrade() == null ? "" : " upgrade=" + head.upgrade();
    return head.method()
        + " "
        + head.authority()
        + " "
        + head.path()
        + upgrade
        + length(head.bodyLength())
        + text(head.fields());
  }

  private static String length(long length) {
    return length < 0 ? "" : " length=" + length;
  }

  /** For example {@code request 1 GET a /x length=0 {accept: *} end}. */
  @Override
  public String toString() {
    String name = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    String rest = text.isEmpty() ? "" : " " + text;
    return name + (stream == 0 ? "" : " " + stream) + rest + (end ? " end" : "");
  }
}
