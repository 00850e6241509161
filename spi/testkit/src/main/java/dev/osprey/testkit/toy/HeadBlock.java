package dev.osprey.testkit.toy;

import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Head;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.toy.HeadTable.Pair;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Blocks of fields: from heads to pairs to compressed bytes, and back. */
final class HeadBlock {
  private static final int ADDED = 0;
  private static final int INDEXED = 1;
  private static final int PLAIN = 2;
  private static final int LONGEST_ADDED_VALUE = 256;

  private HeadBlock() {}

  static byte[] encode(List<Pair> pairs, HeadTable table) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Pair pair : pairs) {
        encode(pair, table, out);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static void encode(Pair pair, HeadTable table, DataOutputStream out) throws IOException {
    int index = table.indexOf(pair);
    if (index >= 0) {
      out.writeByte(INDEXED);
      out.writeByte(index);
      return;
    }
    boolean added = pair.value().length() <= LONGEST_ADDED_VALUE;
    out.writeByte(added ? ADDED : PLAIN);
    writeText(out, pair.name());
    writeText(out, pair.value());
    if (added) {
      table.add(pair);
    }
  }

  /** The fields of a block; null when it is broken, whereupon the table is of no more use. */
  static @Nullable List<Pair> decode(byte[] block, HeadTable table) {
    List<Pair> pairs = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(block))) {
      while (in.available() > 0) {
        Pair pair = decode(in, table);
        if (pair == null) {
          return null;
        }
        pairs.add(pair);
      }
    } catch (IOException cutShort) {
      return null;
    }
    return pairs;
  }

  private static @Nullable Pair decode(DataInputStream in, HeadTable table) throws IOException {
    int how = in.readUnsignedByte();
    if (how == INDEXED) {
      return table.get(in.readUnsignedByte());
    }
    if (how != ADDED && how != PLAIN) {
      return null;
    }
    Pair pair = new Pair(readText(in), readText(in));
    if (how == ADDED) {
      table.add(pair);
    }
    return pair;
  }

  static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new EOFException();
    }
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  static List<Pair> pairs(Head head) {
    List<Pair> pairs = new ArrayList<>();
    switch (head) {
      case RequestHead request -> {
        pairs.add(new Pair(":method", request.method()));
        pairs.add(new Pair(":path", request.path()));
        pairs.add(new Pair(":authority", request.authority()));
      }
      case ResponseHead response ->
          pairs.add(new Pair(":status", Integer.toString(response.status())));
    }
    if (head.bodyLength() >= 0) {
      pairs.add(new Pair(":length", Long.toString(head.bodyLength())));
    }
    pairs.addAll(pairs(head.fields()));
    return pairs;
  }

  static List<Pair> pairs(Fields fields) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.name(i).charAt(0) != ':') {
        pairs.add(new Pair(fields.name(i), fields.value(i)));
      }
    }
    return pairs;
  }

  static Fields fields(List<Pair> pairs) {
    Fields fields = new Fields();
    addTo(fields, pairs);
    return fields;
  }

  private static void addTo(Fields fields, List<Pair> pairs) {
    for (Pair pair : pairs) {
      if (pair.name().charAt(0) != ':') {
        fields.add(pair.name(), pair.value());
      }
    }
  }

  /** The request a block spells; null when it lacks what a request needs. */
  static @Nullable RequestHead request(List<Pair> pairs, boolean end) {
    String method = value(pairs, ":method");
    String path = value(pairs, ":path");
    String authority = value(pairs, ":authority");
    long length = length(pairs, end);
    if (method == null || method.isEmpty() || path == null || authority == null || length < -1) {
      return null;
    }
    RequestHead head = new RequestHead();
    head.method(method);
    head.path(path);
    head.authority(authority);
    head.protocol("toymux");
    head.bodyLength(length);
    addTo(head.fields(), pairs);
    return head;
  }

  /** The response a block spells; null when it lacks what a response needs. */
  static @Nullable ResponseHead response(List<Pair> pairs, boolean end) {
    String status = value(pairs, ":status");
    long length = length(pairs, end);
    if (status == null || !status.matches("[1-9][0-9]{2}") || length < -1) {
      return null;
    }
    ResponseHead head = new ResponseHead();
    head.status(Integer.parseInt(status));
    head.protocol("toymux");
    head.bodyLength(length);
    addTo(head.fields(), pairs);
    return head;
  }

  /** True when all names are there. */
  static boolean isWellNamed(List<Pair> pairs) {
    return pairs.stream().noneMatch(pair -> pair.name().isEmpty());
  }

  private static long length(List<Pair> pairs, boolean end) {
    String text = value(pairs, ":length");
    if (text == null) {
      return end ? 0 : Head.UNKNOWN_LENGTH;
    }
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -2;
  }

  private static @Nullable String value(List<Pair> pairs, String name) {
    for (Pair pair : pairs) {
      if (pair.name().equals(name)) {
        return pair.value();
      }
    }
    return null;
  }
}
