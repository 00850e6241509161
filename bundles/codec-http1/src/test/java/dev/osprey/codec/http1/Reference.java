package dev.osprey.codec.http1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A second reader of HTTP/1, written for strictness and not for speed: fails on every message whose
 * framing could be understood in two ways, and gives the rest back with its chunks joined.
 */
final class Reference {
  private static final Pattern FIELD =
      Pattern.compile("([!#$%&'*+\\-.^_`|~0-9A-Za-z]+): ([\\t\\x20-\\x7e\\x80-\\xff]*)");
  private static final Pattern REQUEST =
      Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+ [\\x21-\\x7e]+ HTTP/1\\.1");
  private static final Pattern RESPONSE =
      Pattern.compile("HTTP/1\\.1 ([1-9]\\d\\d) [\\t\\x20-\\x7e\\x80-\\xff]*");

  private final String text;
  private final boolean responses;
  private final List<String> methods;
  private int at;

  private Reference(String text, boolean responses, List<String> methods) {
    this.text = text;
    this.responses = responses;
    this.methods = new ArrayList<>(methods);
  }

  /** Requests, the last of which may be incomplete. */
  static List<String> requests(String text) {
    return new Reference(text, false, List.of()).all();
  }

  /** Responses to requests with these methods, the last of which may be incomplete. */
  static List<String> responses(String text, List<String> methods) {
    return new Reference(text, true, methods).all();
  }

  private List<String> all() {
    List<String> messages = new ArrayList<>();
    while (at < text.length()) {
      messages.add(message());
    }
    return messages;
  }

  private String message() {
    String line = line();
    require((responses ? RESPONSE : REQUEST).matcher(line).matches(), line);
    StringBuilder head = new StringBuilder(line).append('\n');
    List<String> lengths = new ArrayList<>();
    boolean chunked = false;
    int hosts = 0;
    for (String field = line(); !field.isEmpty(); field = line()) {
      Matcher matcher = FIELD.matcher(field);
      require(matcher.matches(), field);
      String name = matcher.group(1).toLowerCase(Locale.ROOT);
      String value = matcher.group(2);
      switch (name) {
        case "content-length" -> lengths.add(value);
        case "transfer-encoding" -> {
          require(value.equals("chunked") && !chunked, field);
          chunked = true;
        }
        case "host" -> hosts++;
        default -> {}
      }
      head.append(field).append('\n');
    }
    require(lengths.size() + (chunked ? 1 : 0) <= 1, head.toString());
    require(responses || hosts == 1, head.toString());
    return head.append('\n').append(body(line, lengths, chunked)).toString();
  }

  private String body(String line, List<String> lengths, boolean chunked) {
    if (responses) {
      int status = Integer.parseInt(line.substring(9, 12));
      if (status < 200) {
        return "";
      }
      String method = methods.isEmpty() ? "GET" : methods.removeFirst();
      if (status == 204 || status == 304 || method.equals("HEAD")) {
        return "";
      }
    }
    if (chunked) {
      return chunks();
    }
    if (lengths.isEmpty()) {
      return responses ? take(text.length()) : "";
    }
    require(lengths.getFirst().matches("\\d{1,18}"), lengths.toString());
    return take((int) Math.min(text.length(), Long.parseLong(lengths.getFirst())));
  }

  private String chunks() {
    StringBuilder body = new StringBuilder();
    while (at < text.length()) {
      String size = line();
      require(size.matches("[0-9a-f]{1,8}"), size);
      int length = Integer.parseInt(size, 16);
      if (length == 0) {
        for (String field = line(); !field.isEmpty(); field = line()) {
          require(FIELD.matcher(field).matches(), field);
          body.append('[').append(field).append(']');
        }
        return body.append("[end]").toString();
      }
      body.append(take(length));
      if (at < text.length()) {
        require(line().isEmpty(), "a chunk's end");
      }
    }
    return body.toString();
  }

  private String take(int length) {
    String taken = text.substring(at, Math.min(text.length(), at + length));
    at += taken.length();
    return taken;
  }

  private String line() {
    int end = text.indexOf("\r\n", at);
    require(end >= 0, "an unfinished line: " + text.substring(at));
    String line = text.substring(at, end);
    require(line.indexOf('\r') < 0 && line.indexOf('\n') < 0, line);
    at = end + 2;
    return line;
  }

  private static void require(boolean fine, String what) {
    if (!fine) {
      throw new AssertionError("not strict HTTP/1: " + what);
    }
  }
}
