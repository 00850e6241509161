package dev.osprey.testkit;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads small JSON texts into configuration trees; strings may stand in single quotes. */
final class JsonReader {
  private final String text;
  private final Problems problems = new Problems();
  private int at;

  JsonReader(String text) {
    this.text = text;
  }

  ConfigNode read() {
    ConfigNode root = value("");
    if (next() != 0) {
      throw wrong("the end");
    }
    return root;
  }

  private ConfigNode value(String path) {
    char first = next();
    Position position = position();
    return switch (first) {
      case '{' -> map(position, path);
      case '[' -> list(position, path);
      case '"', '\'' -> ConfigNode.scalar(string(), position, path, problems);
      default -> word(position, path);
    };
  }

  private ConfigNode map(Position position, String path) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    at++;
    while (next() != '}') {
      String key = string();
      expect(':');
      entries.put(key, value(ConfigNodes.path(path, key)));
      comma('}');
    }
    at++;
    return ConfigNode.map(entries, position, path, problems);
  }

  private ConfigNode list(Position position, String path) {
    List<ConfigNode> items = new ArrayList<>();
    at++;
    while (next() != ']') {
      items.add(value(path + "[" + items.size() + "]"));
      comma(']');
    }
    at++;
    return ConfigNode.list(items, position, path, problems);
  }

  private void comma(char end) {
    if (next() != end) {
      expect(',');
    }
  }

  private String string() {
    char quote = next();
    if (quote != '"' && quote != '\'') {
      throw wrong("a string");
    }
    StringBuilder all = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != quote; at++) {
      all.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
    }
    at++;
    return all.toString();
  }

  private char escaped() {
    char which = text.charAt(++at);
    return switch (which) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text, at - 3, at + 1, 16);
      }
      default -> which;
    };
  }

  private ConfigNode word(Position position, String path) {
    int start = at;
    while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    if (word.matches("null|true|false|-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")) {
      return ConfigNode.scalar(scalar(word), position, path, problems);
    }
    throw wrong("a value");
  }

  private static @org.jspecify.annotations.Nullable Object scalar(String word) {
    if (word.matches("-?\\d+")) {
      return Long.valueOf(word);
    }
    return switch (word) {
      case "null" -> null;
      case "true" -> true;
      case "false" -> false;
      default -> Double.valueOf(word);
    };
  }

  /** The next character that is not blank; 0 at the end. */
  private char next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void expect(char wanted) {
    if (next() != wanted) {
      throw wrong("a " + wanted);
    }
    at++;
  }

  private Position position() {
    int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    return new Position("test.json", line, at - text.lastIndexOf('\n', at - 1));
  }

  private IllegalArgumentException wrong(String wanted) {
    return new IllegalArgumentException("expected " + wanted + " at " + position() + ": " + text);
  }
}
