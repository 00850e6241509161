package dev.osprey.codec.http2;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.CodecHost;
import java.util.ArrayDeque;
import java.util.Arrays;

/** All that one end of a connection remembers; what a record carries from version to version. */
final class State {
  /** The layout's version. */
  static final int VERSION = 6;

  private static final int FREE_STREAMS = 64;
  private static final int MOST_ENDED_EARLY = 4096;
  private static final int USUAL_BLOCK = 512;
  private static final int KEPT_BLOCK = 2048;

  /** The client's preface was received, or sent. */
  boolean preface;

  /** Our SETTINGS were written. */
  boolean begun;

  /** The peer's first SETTINGS were received. */
  boolean settingsSeen;

  /** Nothing is read or written any more. */
  boolean over;

  /** The first block was written, and with it that no table is used. */
  boolean noTableSaid;

  /** How far our goodbye is: 0 not begun, 1 announced, 2 final. */
  int goodbye;

  /** The last stream that our final goodbye named; none named later may be above it. */
  int lastAnnounced = Frames.MAX_STREAM;

  /** The peer has said goodbye. */
  boolean heardGoodbye;

  /** The highest stream that was opened, by either side; 0 for none. */
  int lastStream;

  /** The rest of a DATA frame whose beginning was reported. */
  int dataStream;

  int dataLeft;
  int padLeft;
  boolean dataEnds;

  /** The parts of a block whose last part has not come; stream 0 when there is none. */
  int blockStream;

  boolean blockEnds;
  int blockParts;
  int blockLength;
  byte[] block = new byte[USUAL_BLOCK];

  /** SETTINGS of ours that the peer has not acknowledged yet. */
  int settingsUnheard;

  /** How many streams a client may open, as we said last, and as it may still believe. */
  int announcedStreams;

  int believedStreams;

  /** We have offered extended CONNECT (RFC 8441), which can't be taken back. */
  boolean offersConnect;

  /** The window of each stream as we said last, and as the peer may still believe. */
  int announcedWindow;

  int ownWindow;

  /** What else we announced. */
  int announcedHeadBytes;

  int ownTableSize;
  int ownConnectionWindow;

  final PeerSettings peer = new PeerSettings();
  final Budgets budgets;
  DecoderTable table;

  /** Body bytes the peer lets us send on all streams together. */
  long sendWindow = Frames.FIRST_WINDOW;

  /** Body bytes we let the peer send on all streams together. */
  int receiveWindow = Frames.FIRST_WINDOW;

  /** Body bytes received that the peer was not told of yet. */
  int owed;

  /** A keep-alive PING awaits its acknowledgement. */
  boolean pinged;

  /** Something has come since. */
  boolean heard;

  /** When to act next on signs of life, on what does not leave, and when the host wakes us. */
  long pingAt = Times.NEVER;

  long flushAt = Times.NEVER;
  long wakeAt = Times.NEVER;

  /** When an unfinished block is late, and when gathered body bytes are handed over. */
  long blockAt = Times.NEVER;

  long gatherAt = Times.NEVER;

  /** The streams that we ended early. */
  final EndedEarly early;

  final StreamTable streams = new StreamTable();

  /** Bytes of the requests' heads that are held for the open streams. */
  int headBytes;

  /** The streams whose messages wait for a window, in the order in which they take turns. */
  final ArrayDeque<Stream> waiting = new ArrayDeque<>(4);

  private final ArrayDeque<Stream> free = new ArrayDeque<>(4);

  State(Http2Config config) {
    budgets = new Budgets(config.bounds());
    announcedStreams = believedStreams = config.maxStreams();
    offersConnect = config.allowConnect();
    int streams = Math.max(config.maxStreams(), config.maxUpstreamStreams());
    early = new EndedEarly(Math.min(streams, MOST_ENDED_EARLY));
    ownTableSize = config.tableSize();
    announcedWindow = ownWindow = config.streamWindow();
    announcedHeadBytes = config.maxHeadBytes();
    ownConnectionWindow = config.connectionWindow();
    table = new DecoderTable(ownTableSize);
  }

  /** Opens a stream. */
  Stream open(int id) {
    Stream stream = free.pollLast();
    if (stream == null) {
      stream = new Stream();
    }
    stream.begin(id, peer.initialWindow, Math.max(ownWindow, Frames.FIRST_WINDOW));
    streams.put(stream);
    budgets.opened();
    return stream;
  }

  /**
   * From now on a peer may send so much ahead on a stream; the windows of open ones change by the
   * difference, below 0 too (section 6.9.2).
   */
  void resizeWindows(int window) {
    int difference = window - ownWindow;
    ownWindow = window;
    for (Stream stream : streams.all()) {
      stream.receiveWindow += difference;
    }
  }

  /** So many bytes of a head are held for a stream. */
  void holdHead(Stream stream, int bytes) {
    stream.headBytes = bytes;
    headBytes += bytes;
  }

  /** The host is done with a stream, of which something still waits to be sent. */
  void letHeadGo(Stream stream) {
    headBytes -= stream.headBytes;
    stream.letHeadGo();
  }

  /** Takes a stream out and keeps the object for the next one; of a burst, but one is kept. */
  void forget(Stream stream) {
    streams.remove(stream);
    if (stream.waits) {
      waiting.remove(stream);
      stream.waits = false;
    }
    headBytes -= stream.headBytes;
    stream.headBytes = 0;
    stream.release();
    stream.shrink();
    if (streams.size() == 0) {
      streams.clear();
      free.clear();
    }
    if (free.size() < FREE_STREAMS) {
      free.addLast(stream);
    }
  }

  /** Makes room for a block of that length, and gives it back after a large one. */
  void room(int length) {
    if (block.length < length) {
      block = Arrays.copyOf(block, Math.max(length, Math.min(block.length * 2, 1 << 20)));
    }
  }

  /** The block is done with. */
  void endBlock() {
    blockStream = 0;
    blockLength = 0;
    blockParts = 0;
    blockAt = Times.NEVER;
    if (block.length > KEPT_BLOCK) {
      block = new byte[USUAL_BLOCK];
    }
  }

  /** Lets go of all that is held. */
  void release() {
    streams.all().forEach(Stream::release);
    streams.clear();
    waiting.clear();
    headBytes = 0;
    over = true;
  }

  /** Hands all of it over. */
  StateRecord toRecord(String format, CodecHost host) {
    StateWriter record = new StateWriter();
    record.flag(preface).flag(begun).flag(settingsSeen).flag(over).flag(noTableSaid);
    record.number(goodbye).number(lastAnnounced).flag(heardGoodbye).number(lastStream);
    record.number(settingsUnheard).number(announcedStreams).number(believedStreams);
    record.flag(offersConnect).number(announcedWindow).number(announcedHeadBytes);
    record.number(dataStream).number(dataLeft).number(padLeft).flag(dataEnds);
    record.number(blockStream).flag(blockEnds).number(blockParts).string(block, blockLength);
    record.number(ownTableSize).number(ownWindow).number(ownConnectionWindow);
    peer.save(record);
    budgets.save(record);
    table.save(record);
    record.signed(sendWindow).signed(receiveWindow).number(owed);
    record.flag(pinged).flag(heard).signed(pingAt).signed(flushAt).signed(wakeAt);
    record.signed(blockAt).signed(gatherAt);
    record.number(streams.size());
    for (Stream stream : streams.all()) {
      stream.save(record, host);
    }
    record.number(waiting.size());
    waiting.forEach(stream -> record.number(stream.id));
    early.save(record);
    StateRecord all = record.toRecord(format, VERSION);
    release();
    return all;
  }

  /** The state that a record holds. */
  static State of(StateRecord record, Http2Config config, CodecHost host) {
    State state = new State(config);
    state.restore(record, host);
    return state;
  }

  private void restore(StateRecord from, CodecHost host) {
    StateReader record = new StateReader(from);
    preface = record.flag();
    begun = record.flag();
    settingsSeen = record.flag();
    over = record.flag();
    noTableSaid = record.flag();
    goodbye = record.integer();
    lastAnnounced = record.integer();
    heardGoodbye = record.flag();
    lastStream = record.integer();
    settingsUnheard = record.integer();
    announcedStreams = record.integer();
    believedStreams = record.integer();
    offersConnect = record.flag();
    announcedWindow = record.integer();
    announcedHeadBytes = record.integer();
    dataStream = record.integer();
    dataLeft = record.integer();
    padLeft = record.integer();
    dataEnds = record.flag();
    blockStream = record.integer();
    blockEnds = record.flag();
    blockParts = record.integer();
    restoreBlock(record.string());
    ownTableSize = record.integer();
    ownWindow = record.integer();
    ownConnectionWindow = record.integer();
    peer.restore(record);
    budgets.restore(record);
    table = new DecoderTable(ownTableSize);
    table.restore(record);
    sendWindow = record.signed();
    receiveWindow = (int) record.signed();
    owed = record.integer();
    pinged = record.flag();
    heard = record.flag();
    pingAt = record.signed();
    flushAt = record.signed();
    wakeAt = record.signed();
    blockAt = record.signed();
    gatherAt = record.signed();
    restoreStreams(record, host);
  }

  private void restoreBlock(byte[] parts) {
    blockLength = parts.length;
    room(blockLength);
    System.arraycopy(parts, 0, block, 0, blockLength);
  }

  private void restoreStreams(StateReader record, CodecHost host) {
    int open = record.integer();
    for (int i = 0; i < open; i++) {
      Stream stream = new Stream();
      stream.restore(record, host);
      streams.put(stream);
      headBytes += stream.headBytes;
    }
    int waits = record.integer();
    for (int i = 0; i < waits; i++) {
      Stream stream = streams.get(record.integer());
      if (stream != null) {
        stream.waits = true;
        waiting.add(stream);
      }
    }
    early.restore(record);
  }
}
