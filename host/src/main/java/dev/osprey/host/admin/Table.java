package dev.osprey.host.admin;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Rows under headings: columns for people, objects for programs. */
final class Table {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private final List<String> headings;
  private final List<List<Object>> rows = new ArrayList<>();

  Table(String... headings) {
    this.headings = List.of(headings);
  }

  Table row(Object... cells) {
    rows.add(List.of(cells));
    return this;
  }

  String print(boolean json) {
    return json ? json() : text();
  }

  /** Any JSON, as people and programs can read it. */
  static String pretty(Object json) {
    return GSON.toJson(json) + "\n";
  }

  private String json() {
    JsonArray all = new JsonArray();
    for (List<Object> row : rows) {
      JsonObject object = new JsonObject();
      for (int i = 0; i < headings.size(); i++) {
        String key = headings.get(i).toLowerCase(Locale.ROOT).replace(' ', '_');
        object.add(key, GSON.toJsonTree(row.get(i)));
      }
      all.add(object);
    }
    return pretty(all);
  }

  private String text() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(headings);
    rows.forEach(row -> lines.add(row.stream().map(Table::cell).toList()));
    int[] widths = new int[headings.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return lines.stream().map(line -> line(line, widths)).collect(Collectors.joining());
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
    }
    return line.toString().stripTrailing() + "\n";
  }

  private static String cell(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).collect(Collectors.joining(" "))
        : String.valueOf(value);
  }
}
