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
    if (!client && config.allowConnect()) {
      PeerSettings.write(out, PeerSettings.ENABLE_CONNECT_PROTOCOL, 1);
    }
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

  /**
   * Appends what a changed configuration announces; it holds once the client has acknowledged it.
   */
  void writeStreams(ByteBuf out, State state) {
    state.announcedStreams = config.maxStreams();
    if (!client) {
      state.believedStreams = Math.max(state.believedStreams, state.announcedStreams);
      state.settingsUnheard++;
      Frames.header(out, Frames.SETTING_BYTES, Frames.SETTINGS, 0, 0);
      PeerSettings.write(out, PeerSettings.MAX_CONCURRENT_STREAMS, state.announcedStreams);
    }
  }
}
