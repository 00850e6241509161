package dev.osprey.codec.http2;

import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;

/** Frames that carry no message: settings, windows, resets, pings, goodbyes, and unknown ones. */
final class ControlFrames {
  private final Connection connection;
  private final State state;
  private final Role role;

  ControlFrames(Connection connection, Role role) {
    this.connection = connection;
    this.state = connection.state;
    this.role = role;
  }

  /** Reads a frame that is there as a whole. */
  void frame(ByteBuf in, int at, int type, int length, int flags, int stream) {
    switch (type) {
      case Frames.SETTINGS -> settings(in, at, length, flags, stream);
      case Frames.WINDOW_UPDATE -> windowUpdate(in, at, length, stream);
      case Frames.RST_STREAM -> reset(in, at, length, stream);
      case Frames.PING -> ping(in, at, length, flags, stream);
      case Frames.GOAWAY -> goaway(in, at, length, stream);
      case Frames.PRIORITY -> priority(length, stream);
      case Frames.PUSH_PROMISE -> connection.protocolError("a push that was not allowed");
      default -> useless();
    }
  }

  /** Takes note of a frame that asks for work and brings nothing. */
  private boolean useless() {
    boolean tooMany = state.budgets.control();
    if (tooMany) {
      connection.flood(Counters.Event.CONTROL_FLOOD);
    }
    return tooMany;
  }

  private void settings(ByteBuf in, int at, int length, int flags, int stream) {
    boolean ack = (flags & Frames.ACK) != 0;
    if (stream != 0) {
      connection.protocolError("SETTINGS with a stream");
    } else if (ack ? length != 0 : length % Frames.SETTING_BYTES != 0) {
      wrongSize("SETTINGS");
    } else if (ack && !state.settingsSeen) {
      connection.protocolError("the first frame is not SETTINGS");
    } else if (!useless()) {
      if (ack) {
        connection.settingsHeard();
      } else {
        boolean first = !state.settingsSeen;
        state.settingsSeen = true;
        take(in, at, length / Frames.SETTING_BYTES, first);
      }
    }
  }

  private void take(ByteBuf in, int at, int count, boolean first) {
    PeerSettings peer = state.peer;
    long window = peer.initialWindow;
    long streams = peer.maxStreams;
    boolean fromServer = role.peer() == Reset.Source.UPSTREAM;
    for (int i = 0; i < count; i++) {
      int setting = at + i * Frames.SETTING_BYTES;
      ErrorCode broken =
          peer.take(in.getUnsignedShort(setting), in.getUnsignedInt(setting + 2), fromServer);
      if (broken != ErrorCode.NO_ERROR) {
        boolean tooWide = broken == ErrorCode.FLOW_CONTROL_ERROR;
        connection.fail(
            broken,
            tooWide ? Counters.Event.FLOW_CONTROL_ERROR : Counters.Event.PROTOCOL_ERROR,
            "a setting out of range");
        return;
      }
    }
    connection.out.settingsAck();
    if (peer.initialWindow != window) {
      resize(peer.initialWindow - window);
    }
    if (!state.over && (first || peer.maxStreams > streams)) {
      connection.host.onWritable();
    }
  }

  /** All windows of streams change by the difference; below 0 too (section 6.9.2). */
  private void resize(long difference) {
    for (Stream stream : state.streams.all()) {
      stream.sendWindow += difference;
      if (stream.sendWindow > Frames.MAX_WINDOW) {
        connection.fail(
            ErrorCode.FLOW_CONTROL_ERROR,
            Counters.Event.FLOW_CONTROL_ERROR,
            "a window that is too large");
        return;
      }
    }
    if (difference > 0) {
      drainAll();
    }
  }

  private void windowUpdate(ByteBuf in, int at, int length, int number) {
    if (length != 4) {
      wrongSize("WINDOW_UPDATE");
      return;
    }
    int increment = in.getInt(at) & Frames.MAX_WINDOW;
    if (state.budgets.windowUpdate()) {
      connection.flood(Counters.Event.WINDOW_UPDATE_FRAMES_FLOOD);
    } else if (number == 0) {
      connectionWindow(increment);
    } else if (!role.wasOpened(number)) {
      connection.protocolError("WINDOW_UPDATE for a stream that was never opened");
    } else {
      Stream stream = state.streams.get(number);
      if (stream != null) {
        streamWindow(stream, increment);
      }
    }
  }

  private void connectionWindow(int increment) {
    if (increment == 0) {
      connection.protocolError("WINDOW_UPDATE of nothing");
    } else if (state.sendWindow + increment > Frames.MAX_WINDOW) {
      connection.fail(
          ErrorCode.FLOW_CONTROL_ERROR,
          Counters.Event.FLOW_CONTROL_ERROR,
          "a window that is too large");
    } else {
      state.sendWindow += increment;
      drainAll();
    }
  }

  private void streamWindow(Stream stream, int increment) {
    if (increment == 0) {
      connection.streamError(stream, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
    } else if (stream.sendWindow + increment > Frames.MAX_WINDOW) {
      connection.streamError(stream, ErrorCode.FLOW_CONTROL_ERROR, "a window that is too large");
    } else {
      stream.sendWindow += increment;
      if (stream.waits) {
        connection.out.drain(stream, Integer.MAX_VALUE);
        role.settle(stream);
        announce();
      }
    }
  }

  /** Lets the streams that wait take turns, a frame each. */
  private void drainAll() {
    int stuck = 0;
    while (state.sendWindow > 0 && stuck < state.waiting.size()) {
      Stream stream = state.waiting.removeFirst();
      stream.waits = false;
      stuck = connection.out.drain(stream, 1) ? 0 : stuck + 1;
      role.settle(stream);
    }
    announce();
  }

  private void announce() {
    if (connection.out.takeReleased() && !state.over) {
      connection.host.onWritable();
    }
  }

  private void reset(ByteBuf in, int at, int length, int number) {
    if (length != 4) {
      wrongSize("RST_STREAM");
    } else if (number == 0 || !role.wasOpened(number)) {
      connection.protocolError("RST_STREAM for a stream that was never opened");
    } else {
      Stream stream = state.streams.get(number);
      if (stream == null) {
        var _ = state.early.takes(number) || useless();
      } else {
        connection.plan.counters().count(Counters.Event.RX_RESET);
        role.reset(stream, ErrorCode.of(in.getInt(at)));
      }
    }
  }

  private void ping(ByteBuf in, int at, int length, int flags, int stream) {
    if (stream != 0) {
      connection.protocolError("PING with a stream");
    } else if (length != Frames.PING_BYTES) {
      wrongSize("PING");
    } else if (!useless()) {
      long payload = in.getLong(at);
      if ((flags & Frames.ACK) != 0) {
        role.pong(payload);
      } else {
        connection.out.ping(payload, true);
      }
    }
  }

  private void goaway(ByteBuf in, int at, int length, int stream) {
    if (stream != 0) {
      connection.protocolError("GOAWAY with a stream");
    } else if (length < 8) {
      wrongSize("GOAWAY");
    } else if (!useless()) {
      connection.plan.counters().count(Counters.Event.GOAWAY_RECEIVED);
      role.goaway(in.getInt(at) & Frames.MAX_STREAM);
    }
  }

  private void priority(int length, int number) {
    if (number == 0) {
      connection.protocolError("PRIORITY without a stream");
    } else if (state.budgets.priority()) {
      connection.flood(Counters.Event.PRIORITY_FRAMES_FLOOD);
    } else if (length != Frames.PRIORITY_BYTES) {
      Stream stream = state.streams.get(number);
      if (stream != null) {
        connection.streamError(stream, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY of a wrong length");
      } else if (role.wasOpened(number)) {
        connection.plan.counters().streamError(ErrorCode.FRAME_SIZE_ERROR);
        connection.out.reset(number, ErrorCode.FRAME_SIZE_ERROR);
      } else {
        wrongSize("PRIORITY");
      }
    }
  }

  private void wrongSize(String frame) {
    connection.fail(
        ErrorCode.FRAME_SIZE_ERROR, Counters.Event.FRAME_SIZE_ERROR, frame + " of a wrong length");
  }
}
