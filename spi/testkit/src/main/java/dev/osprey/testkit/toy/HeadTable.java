package dev.osprey.testkit.toy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest fields of one direction; both ends of a connection keep the same. */
final class HeadTable {
  static final int CAPACITY = 64;

  private final List<Pair> newestFirst = new ArrayList<>();

  /** A field. */
  record Pair(String name, String value) {}

  int indexOf(Pair pair) {
    return newestFirst.indexOf(pair);
  }

  @Nullable Pair get(int index) {
    return index < newestFirst.size() ? newestFirst.get(index) : null;
  }

  void add(Pair pair) {
    newestFirst.addFirst(pair);
    if (newestFirst.size() > CAPACITY) {
      newestFirst.removeLast();
    }
  }

  void writeTo(DataOutputStream out) throws IOException {
    out.writeInt(newestFirst.size());
    for (Pair pair : newestFirst) {
      HeadBlock.writeText(out, pair.name());
      HeadBlock.writeText(out, pair.value());
    }
  }

  static HeadTable readFrom(DataInputStream in) throws IOException {
    HeadTable table = new HeadTable();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      table.newestFirst.add(new Pair(HeadBlock.readText(in), HeadBlock.readText(in)));
    }
    return table;
  }
}
