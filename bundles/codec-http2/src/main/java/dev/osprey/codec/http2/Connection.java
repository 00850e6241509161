package dev.osprey.codec.http2;

import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Reset;
import java.time.Duration;
import java.util.List;

/** What both roles share: state, the way out, decoding of blocks, and the ends of things. */
final class Connection {
  private static final int USUAL_TRAILERS = 128;
  private static final int KEPT_TRAILERS = 512;
  private static final int FEW_TRAILERS = 4;

  final State state;
  final CodecHost host;
  final Http2Plan plan;
  final Outbound out;
  final FieldBlock block;
  final Intake intake;

  private final HpackDecoder decoder;
  private final Role role;
  private final Times times;
  private Fields trailers = new Fields(USUAL_TRAILERS, FEW_TRAILERS);

  Connection(State state, CodecHost host, Http2Plan plan, OwnSettings settings, Role role) {
    this.state = state;
    this.host = host;
    this.plan = plan;
    this.role = role;
    this.times = new Times(state, host, plan.config().timeouts(), plan.clock());
    this.out =
        new Outbound(
            state,
            host,
            times,
            settings,
            new HeadWriter(plan.provenance(), plan.responseExtras()),
            plan.counters());
    this.decoder = new HpackDecoder(state.table);
    Http2Config config = plan.config();
    this.block =
        new FieldBlock(config.maxHeadBytes(), config.maxFields(), config.bounds().headExpansion());
    this.intake = new Intake(host, times, config.bounds().waitingPieces());
  }

  /** Something has come and is about to be read. */
  void beforeReading() {
    times.heard();
    if (state.begun && out.hasNews()) {
      out.announce();
    }
  }

  /** The alarm has rung. */
  void wake() {
    if (!state.over) {
      times.wake(this);
    }
  }

  /** The peer answered a keep-alive PING. */
  void alive() {
    times.answered();
  }

  /** The peer has acknowledged SETTINGS of ours. */
  void settingsHeard() {
    if (state.settingsUnheard == 0) {
      return;
    }
    state.table.agree();
    if (--state.settingsUnheard == 0) {
      state.believedStreams = state.announcedStreams;
      if (state.ownWindow != state.announcedWindow) {
        smallerWindows();
      }
    }
  }

  private void smallerWindows() {
    state.resizeWindows(state.announcedWindow);
    for (Stream stream : state.streams.all()) {
      // What was too little to tell may now be all that the peer waits for.
      out.credit(stream, 0);
    }
  }

  /**
   * Looks at what does not leave: ends finished streams without progress since the last look, and a
   * connection whose socket has taken nothing for too long.
   *
   * @param since the last look
   * @return true when there is something to look at again
   */
  boolean flushLate(Duration since) {
    boolean goesOn = false;
    // The streams of an upstream have limits of their own, in the host.
    if (role.peer() == Reset.Source.DOWNSTREAM) {
      for (Stream stream : List.copyOf(state.waiting)) {
        goesOn |= stream.isHeldToTheEnd() && !endWhenStuck(stream);
      }
    }
    if (state.over || host.isWritable()) {
      return goesOn;
    }
    if (state.budgets.stalled(since.toSeconds())) {
      timedOut(Counters.Event.FLUSH_TIMEOUT, "the peer does not read");
    }
    return true;
  }

  private boolean endWhenStuck(Stream stream) {
    boolean stuck = stream.waited == stream.queue.bytes();
    stream.waited = stream.queue.bytes();
    if (stuck) {
      int id = stream.id;
      boolean told = stream.refused || stream.declined || !stream.receives;
      plan.counters().count(Counters.Event.FLUSH_TIMEOUT);
      out.reset(id, ErrorCode.CANCEL);
      forget(stream);
      if (!told) {
        host.onReset(id, Reset.byHost(Reset.Reason.TIMEOUT, "the client gives no window"));
      }
      role.afterForget();
    }
    return stuck;
  }

  /** Part of a field block has come, and not its last. */
  void blockBegins() {
    times.blockBegins();
  }

  /** Ends the connection of a peer that has not ended the field block that it began. */
  void blockLate() {
    String detail = "a field block that is not ended in time";
    plan.counters().count(Counters.Event.FIELD_BLOCK_TIMEOUT);
    out.goaway(lastFromPeer(), ErrorCode.ENHANCE_YOUR_CALM, detail);
    // A client wastes our time, as in any flood; an upstream is late, which its streams are told.
    boolean wastes = role.peer() == Reset.Source.DOWNSTREAM;
    Reset.Reason reason = wastes ? Reset.Reason.OVERFLOW : Reset.Reason.TIMEOUT;
    close(new Reset(role.peer(), reason, false, detail));
  }

  /** Hands over all body bytes that are gathered. */
  void flushGathered() {
    for (Stream stream : state.streams.all()) {
      if (!state.over) {
        intake.flush(stream, false);
      }
    }
  }

  /** Ends the connection of a peer that is silent. */
  void timedOut(Counters.Event why, String detail) {
    plan.counters().count(why);
    out.goaway(lastFromPeer(), ErrorCode.NO_ERROR, detail);
    close(new Reset(role.peer(), Reset.Reason.TIMEOUT, false, detail));
  }

  /** Decodes the block that has come; false when the connection has ended of it. */
  boolean decode(FieldBlock.Kind kind) {
    block.begin(kind);
    boolean fine = decoder.decode(state.block, state.blockLength, block);
    state.endBlock();
    if (block.isBeyondMeasure()) {
      flood(Counters.Event.HEAD_FLOOD);
      return false;
    }
    if (!fine) {
      fail(
          ErrorCode.COMPRESSION_ERROR,
          Counters.Event.COMPRESSION_ERROR,
          "a field block that is not well encoded");
    }
    return fine;
  }

  /** Trailers of an open stream have come, or what should be trailers. */
  void trailers(Stream stream, boolean end) {
    if (!decode(FieldBlock.Kind.TRAILERS)) {
      return;
    }
    Fault fault = block.fault();
    if (fault == null && !end) {
      fault = Fault.TRAILERS_OPEN;
    } else if (fault == null && stream.expected > 0) {
      fault = Fault.BODY_LENGTH;
    }
    if (stream.refused || stream.declined) {
      stream.receives = !end;
      role.settle(stream);
    } else if (fault != null) {
      role.malformed(stream, fault);
    } else {
      stream.receives = false;
      report(stream);
      role.settle(stream);
    }
  }

  private void report(Stream stream) {
    int id = stream.id;
    intake.flush(stream, false);
    if (stream.id == id) {
      block.copyTo(trailers, plan.provenance(), 0);
      host.onTrailers(id, trailers);
      if (trailers.bytes().length > KEPT_TRAILERS || trailers.size() > FEW_TRAILERS) {
        trailers = new Fields(USUAL_TRAILERS, FEW_TRAILERS);
      }
    }
  }

  /** Ends the connection because the peer broke a rule of it (section 5.4.1). */
  void fail(ErrorCode code, Counters.Event why, String detail) {
    if (state.over) {
      return;
    }
    plan.counters().count(why);
    out.goaway(lastFromPeer(), code, detail);
    state.release();
    host.close(new Reset(role.peer(), code.reason(), false, code + ": " + detail));
  }

  /** The highest stream of the peer's that was acted upon. */
  int lastFromPeer() {
    boolean fromClient = role.peer() == Reset.Source.DOWNSTREAM;
    return fromClient ? Math.min(state.lastStream, state.lastAnnounced) : 0;
  }

  /** As {@link #fail}, for a rule that has no counter of its own. */
  void protocolError(String detail) {
    fail(ErrorCode.PROTOCOL_ERROR, Counters.Event.PROTOCOL_ERROR, detail);
  }

  /** Ends the connection of a peer that wastes our time (section 10.5). */
  void flood(Counters.Event what) {
    fail(ErrorCode.ENHANCE_YOUR_CALM, what, what.name());
  }

  /** Ends one stream because the peer broke a rule that concerns it alone (section 5.4.2). */
  void streamError(Stream stream, ErrorCode code, String detail) {
    int id = stream.id;
    boolean told = stream.isOverForHost();
    plan.counters().streamError(code);
    out.reset(id, code);
    boolean tooMany = state.budgets.premature();
    forget(stream);
    if (!told) {
      Reset.Reason reason = code.reason();
      host.onReset(id, new Reset(role.peer(), reason, false, code + ": " + detail));
    }
    role.afterForget();
    if (tooMany) {
      flood(Counters.Event.RAPID_RESET);
    }
  }

  /** Takes a stream out of the table. */
  void forget(Stream stream) {
    if (stream.id != 0) {
      state.forget(stream);
    }
  }

  /** Resets all streams and closes: the peer is gone. */
  void endOfInput() {
    if (state.over) {
      return;
    }
    List<Stream> open = state.streams.all();
    for (Stream stream : open) {
      int id = stream.id;
      if (id == 0 || state.over) {
        continue;
      }
      boolean told = stream.isOverForHost();
      boolean retryable = stream.repeatable && !stream.headSeen && stream.interims == 0;
      forget(stream);
      if (!told) {
        host.onReset(
            id,
            new Reset(
                role.peer(), Reset.Reason.CONNECTION_LOST, retryable, "the connection ended"));
      }
    }
    close(new Reset(role.peer(), Reset.Reason.CONNECTION_LOST, false, "the connection ended"));
  }

  /** Closes without a word. */
  void close(Reset why) {
    if (!state.over) {
      state.release();
      host.close(why);
    }
  }
}
