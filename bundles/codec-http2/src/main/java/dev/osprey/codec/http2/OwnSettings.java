package dev.osprey.codec.http2;

import io.netty.buffer.ByteBuf;

/** What we announce at the begin of a connection, in one role. */
final class OwnSettings {
  private final Http2Config config;
  private final boolean client;

  OwnSettings(Http2Config config, boolean client) {
    this.config = config;
    this.client = client;
  }

  boolean isClient() {
    return client;
  }

  /** Appends SETTINGS and what makes the connection's window larger. */
  void write(ByteBuf out, State state) {
    int begin = out.writerIndex();
    out.writeZero(Frames.HEADER_BYTES);
    if (state.ownTableSize != DecoderTable.FIRST_CAPACITY) {
      PeerSettings.write(out, PeerSettings.HEADER_TABLE_SIZE, state.ownTableSize);
    }
    if (client) {
      PeerSettings.write(out, PeerSettings.ENABLE_PUSH, 0);
    } else {
      PeerSettings.write(out, PeerSettings.MAX_CONCURRENT_STREAMS, state.announcedStreams);
    }
    if (state.ownWindow != Frames.FIRST_WINDOW) {
      PeerSettings.write(out, PeerSettings.INITIAL_WINDOW_SIZE, state.ownWindow);
    }
    PeerSettings.write(out, PeerSettings.MAX_HEADER_LIST_SIZE, config.maxHeadBytes());
    writeConnect(out, state);
    int length = out.writerIndex() - begin - Frames.HEADER_BYTES;
    Frames.setHeader(out, begin, length, Frames.SETTINGS, 0, 0);
    state.settingsUnheard++;
    int more = state.ownConnectionWindow - Frames.FIRST_WINDOW;
    if (more > 0) {
      Frames.header(out, 4, Frames.WINDOW_UPDATE, 0, 0);
      out.writeInt(more);
      state.receiveWindow += more;
    }
  }

  /** True when the configuration says something else to clients than they have heard. */
  boolean hasNews(State state) {
    return !client
        && (state.announcedStreams != config.maxStreams()
            || (config.allowConnect() && !state.offersConnect));
  }

  /**
   * Appends what has changed. Fewer streams hold once the client has acknowledged them; what was
   * offered can't be taken back (RFC 8441 section 3).
   */
  void writeNews(ByteBuf out, State state) {
    state.announcedStreams = config.maxStreams();
    state.believedStreams = Math.max(state.believedStreams, state.announcedStreams);
    state.offersConnect |= config.allowConnect();
    state.settingsUnheard++;
    int begin = out.writerIndex();
    out.writeZero(Frames.HEADER_BYTES);
    PeerSettings.write(out, PeerSettings.MAX_CONCURRENT_STREAMS, state.announcedStreams);
    writeConnect(out, state);
    int length = out.writerIndex() - begin - Frames.HEADER_BYTES;
    Frames.setHeader(out, begin, length, Frames.SETTINGS, 0, 0);
  }

  private void writeConnect(ByteBuf out, State state) {
    if (!client && state.offersConnect) {
      PeerSettings.write(out, PeerSettings.ENABLE_CONNECT_PROTOCOL, 1);
    }
  }
}
