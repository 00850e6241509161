package dev.osprey.testkit.toy;

import dev.osprey.spi.StateRecord;
import io.netty.buffer.ByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** All that one end of a connection remembers; what a record carries from version to version. */
final class MuxState {
  static final int RECORD_VERSION = 1;

  boolean prefaceDone;
  boolean saidGoodbye;
  boolean heardGoodbye;

  /** The highest stream that was opened. */
  int highestStream = -1;

  /** The rest of a DATA frame whose beginning was reported. */
  int dataLeft;

  int dataStream;
  boolean dataEnds;

  /** The parts of a block whose last part has not come; type 0 when there is none. */
  ByteArrayOutputStream block = new ByteArrayOutputStream();

  int blockType;
  int blockStream;
  boolean blockEnds;

  HeadTable inTable = new HeadTable();
  HeadTable outTable = new HeadTable();
  final Map<Integer, MuxStream> streams = new TreeMap<>();

  void release() {
    streams.values().forEach(MuxStream::release);
    streams.clear();
  }

  StateRecord toRecord(String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writeTo(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    release();
    return new StateRecord(format, RECORD_VERSION, bytes.toByteArray());
  }

  private void writeTo(DataOutputStream out) throws IOException {
    out.writeBoolean(prefaceDone);
    out.writeBoolean(saidGoodbye);
    out.writeBoolean(heardGoodbye);
    out.writeInt(highestStream);
    out.writeInt(dataLeft);
    out.writeInt(dataStream);
    out.writeBoolean(dataEnds);
    out.writeInt(block.size());
    block.writeTo(out);
    out.writeInt(blockType);
    out.writeInt(blockStream);
    out.writeBoolean(blockEnds);
    inTable.writeTo(out);
    outTable.writeTo(out);
    out.writeInt(streams.size());
    for (MuxStream stream : streams.values()) {
      stream.writeTo(out);
    }
  }

  static MuxState from(StateRecord record, ByteBufAllocator alloc) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record.state()))) {
      return readFrom(in, alloc);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static MuxState readFrom(DataInputStream in, ByteBufAllocator alloc) throws IOException {
    MuxState state = new MuxState();
    state.prefaceDone = in.readBoolean();
    state.saidGoodbye = in.readBoolean();
    state.heardGoodbye = in.readBoolean();
    state.highestStream = in.readInt();
    state.dataLeft = in.readInt();
    state.dataStream = in.readInt();
    state.dataEnds = in.readBoolean();
    state.block.writeBytes(in.readNBytes(in.readInt()));
    state.blockType = in.readInt();
    state.blockStream = in.readInt();
    state.blockEnds = in.readBoolean();
    state.inTable = HeadTable.readFrom(in);
    state.outTable = HeadTable.readFrom(in);
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      MuxStream stream = MuxStream.readFrom(in, alloc);
      state.streams.put(stream.id, stream);
    }
    return state;
  }
}
