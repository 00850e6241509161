package dev.osprey.codec.http2;

import io.netty.buffer.ByteBuf;

/** What we announce at the begin of a connection, and when it changes, in one role. */
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
    PeerSettings.write(out, PeerSettings.MAX_HEADER_LIST_SIZE, state.announcedHeadBytes);
    writeConnect(out, state);
    end(out, begin, state);
    int more = state.ownConnectionWindow - Frames.FIRST_WINDOW;
    if (more > 0) {
      Frames.header(out, 4, Frames.WINDOW_UPDATE, 0, 0);
      out.writeInt(more);
      state.receiveWindow += more;
    }
  }

  /** True when the configuration says something else than the peer has heard. */
  boolean hasNews(State state) {
    return state.announcedWindow != config.streamWindow()
        || state.announcedHeadBytes != config.maxHeadBytes()
        || hasNewsForClients(state);
  }

  private boolean hasNewsForClients(State state) {
    return !client
        && (state.announcedStreams != config.maxStreams()
            || (config.allowConnect() && !state.offersConnect));
  }

  /**
   * Appends what has changed; gives the length. Fewer streams and smaller windows hold once the
   * peer has acknowledged them (RFC 9113 section 6.9.3); what was offered can't be taken back (RFC
   * 8441 section 3).
   */
  int writeNews(ByteBuf out, State state) {
    int begin = out.writerIndex();
    out.writeZero(Frames.HEADER_BYTES);
    if (hasNewsForClients(state)) {
      state.announcedStreams = config.maxStreams();
      state.believedStreams = Math.max(state.believedStreams, state.announcedStreams);
      state.offersConnect |= config.allowConnect();
      PeerSettings.write(out, PeerSettings.MAX_CONCURRENT_STREAMS, state.announcedStreams);
      writeConnect(out, state);
    }
    if (state.announcedWindow != config.streamWindow()) {
      state.announcedWindow = config.streamWindow();
      state.resizeWindows(Math.max(state.ownWindow, state.announcedWindow));
      PeerSettings.write(out, PeerSettings.INITIAL_WINDOW_SIZE, state.announcedWindow);
    }
    if (state.announcedHeadBytes != config.maxHeadBytes()) {
      state.announcedHeadBytes = config.maxHeadBytes();
      PeerSettings.write(out, PeerSettings.MAX_HEADER_LIST_SIZE, state.announcedHeadBytes);
    }
    return end(out, begin, state);
  }

  private static int end(ByteBuf out, int begin, State state) {
    int length = out.writerIndex() - begin - Frames.HEADER_BYTES;
    Frames.setHeader(out, begin, length, Frames.SETTINGS, 0, 0);
    state.settingsUnheard++;
    return length;
  }

  private void writeConnect(ByteBuf out, State state) {
    if (!client && state.offersConnect) {
      PeerSettings.write(out, PeerSettings.ENABLE_CONNECT_PROTOCOL, 1);
    }
  }
}
