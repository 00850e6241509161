package dev.osprey.testkit.toy;

import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.toy.HeadTable.Pair;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** The end that faces the client. */
final class MuxServer implements ServerCodec, MuxReader.Role {
  private final MuxState state;
  private final ServerCodecHost host;
  private final ToyMuxConfig config;
  private final String version;
  private final MuxWriter writer;
  private final MuxReader reader;
  private final MuxSender sender;

  MuxServer(MuxState state, ServerCodecHost host, ToyMuxConfig config, String version) {
    this.state = state;
    this.host = host;
    this.config = config;
    this.version = version;
    this.writer = new MuxWriter(state, host, false);
    this.reader = new MuxReader(state, host, writer, this, config.maxHeadBytes());
    this.sender = new MuxSender(state, host, writer, this, config.maxQueuedBytes());
  }

  @Override
  public Progress decode(ByteBuf in) {
    if (state.prefaceDone) {
      return reader.decode(in);
    }
    if (!Wire.beginsLikePreface(in)) {
      in.skipBytes(in.readableBytes());
      host.close(Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, "no ToyMux preface"));
      return Progress.NEED_INPUT;
    }
    if (in.readableBytes() < Wire.PREFACE.length) {
      return Progress.NEED_INPUT;
    }
    in.skipBytes(Wire.PREFACE.length);
    state.prefaceDone = true;
    return Progress.AGAIN;
  }

  @Override
  public boolean onHead(int number, List<Pair> pairs, boolean end) {
    if (number <= state.highestStream) {
      return false;
    }
    state.highestStream = number;
    if (state.saidGoodbye || state.streams.size() >= config.maxStreams()) {
      writer.reset(number, Reset.byHost(Reset.Reason.REFUSED, "refused").asRetryable());
      return true;
    }
    MuxStream stream = new MuxStream(number);
    stream.headSeen = true;
    stream.receives = !end;
    state.streams.put(number, stream);
    RequestHead head = HeadBlock.request(pairs, end);
    if (head != null) {
      host.onRequest(number, head, end);
    } else {
      stream.receives = false;
      host.onBadRequest(number, null, LocalReply.badRequest(400, "incomplete request head"));
    }
    return true;
  }

  @Override
  public void respond(int number, ResponseHead head, boolean end) {
    MuxStream stream = state.streams.get(number);
    if (stream == null) {
      return;
    }
    List<Pair> pairs = new ArrayList<>(HeadBlock.pairs(head));
    if (config.stamp()) {
      pairs.add(new Pair("x-served-by", "toymux/" + version));
    }
    writer.head(stream, pairs, end);
    settle(stream);
  }

  @Override
  public void settle(MuxStream stream) {
    if (stream.isOver()) {
      state.streams.remove(stream.id);
    }
  }

  @Override
  public Reset.Source peer() {
    return Reset.Source.DOWNSTREAM;
  }

  @Override
  public void onGoodbye(int highest) {
    // A client opens nothing new; what is open goes on.
  }

  @Override
  public void endOfInput(ByteBuf in) {
    sender.endOfInput(in);
  }

  @Override
  public void data(int stream, @Owned ByteBuf data, boolean end) {
    sender.data(stream, data, end);
  }

  @Override
  public void trailers(int stream, Fields trailers) {
    sender.trailers(stream, trailers);
  }

  @Override
  public void reset(int stream, Reset reset) {
    sender.reset(stream, reset);
  }

  @Override
  public void credit(int stream, int bytes) {
    sender.credit(stream, bytes);
  }

  @Override
  public void goodbye() {
    sender.goodbye();
  }

  @Override
  public boolean isWritable(int stream) {
    return sender.isWritable(stream);
  }

  @Override
  public boolean isAtRest() {
    return sender.isAtRest();
  }

  @Override
  public StateRecord detach() {
    return state.toRecord(ToyMuxPlan.SERVER_FORMAT);
  }

  @Override
  public void closed() {
    state.release();
  }
}
