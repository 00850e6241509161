package dev.osprey.testkit.toy;

import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.toy.HeadTable.Pair;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** The end that faces the upstream. */
final class MuxClient implements ClientCodec, MuxReader.Role {
  private final MuxState state;
  private final ClientCodecHost host;
  private final ToyMuxConfig config;
  private final MuxWriter writer;
  private final MuxReader reader;
  private final MuxSender sender;

  MuxClient(MuxState state, ClientCodecHost host, ToyMuxConfig config) {
    this.state = state;
    this.host = host;
    this.config = config;
    this.writer = new MuxWriter(state, host, true);
    this.reader = new MuxReader(state, host, writer, this, config.maxHeadBytes());
    this.sender = new MuxSender(state, host, writer, this, config.maxQueuedBytes());
  }

  @Override
  public int vacancies() {
    boolean noMore =
        state.saidGoodbye || state.heardGoodbye || state.highestStream >= Integer.MAX_VALUE - 2;
    return noMore ? 0 : Math.max(0, config.maxStreams() - state.streams.size());
  }

  @Override
  public int request(RequestHead head, boolean end) {
    state.highestStream += 2;
    MuxStream stream = new MuxStream(state.highestStream);
    state.streams.put(stream.id, stream);
    writer.head(stream, HeadBlock.pairs(head), end);
    return stream.id;
  }

  @Override
  public Progress decode(ByteBuf in) {
    return reader.decode(in);
  }

  @Override
  public boolean onHead(int number, List<Pair> pairs, boolean end) {
    MuxStream stream = state.streams.get(number);
    if (stream == null || !stream.receives) {
      return number <= state.highestStream;
    }
    ResponseHead head = HeadBlock.response(pairs, end);
    if (head == null || stream.headSeen || (head.isInterim() && end)) {
      breakOff(stream);
      return true;
    }
    stream.headSeen = !head.isInterim();
    stream.receives = !end;
    host.onResponse(number, head, end);
    settle(stream);
    return true;
  }

  private void breakOff(MuxStream stream) {
    Reset reset = Reset.byUpstream(Reset.Reason.PROTOCOL_ERROR, "a broken response head");
    state.streams.remove(stream.id);
    stream.release();
    stream.receives = stream.sends = false;
    writer.reset(stream.id, reset);
    host.onReset(stream.id, reset);
    settle(stream);
  }

  @Override
  public void onGoodbye(int highest) {
    for (MuxStream stream : List.copyOf(state.streams.values())) {
      if (stream.id > highest) {
        state.streams.remove(stream.id);
        stream.release();
        Reset reset = Reset.byUpstream(Reset.Reason.REFUSED, "beyond the goodbye").asRetryable();
        host.onReset(stream.id, reset);
      }
    }
    closeWhenDone();
  }

  @Override
  public void settle(MuxStream stream) {
    if (stream.isOver() && state.streams.remove(stream.id) != null) {
      host.onWritable();
    }
    closeWhenDone();
  }

  private void closeWhenDone() {
    if (state.streams.isEmpty() && (state.heardGoodbye || state.saidGoodbye)) {
      host.close(Reset.byHost(Reset.Reason.DRAINING, "goodbye"));
    }
  }

  @Override
  public Reset.Source peer() {
    return Reset.Source.UPSTREAM;
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
    closeWhenDone();
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
    return state.toRecord(ToyMuxPlan.CLIENT_FORMAT);
  }

  @Override
  public void closed() {
    state.release();
  }
}
