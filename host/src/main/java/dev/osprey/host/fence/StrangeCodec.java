package dev.osprey.host.fence;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.CodecRehearsal;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A codec, both roles, and its plan, which looks at nothing and does nothing. */
class StrangeCodec implements CodecPlan, ServerCodec, ClientCodec {
  /** Another class, which to the compiler is another codec. */
  static final class Other extends StrangeCodec {}

  // ---- the plan

  @Override
  public Recognition recognise(ByteBuf first) {
    return Recognition.NO;
  }

  @Override
  public boolean isMultiplexed() {
    return false;
  }

  @Override
  public ServerCodec server(ServerCodecHost host) {
    return this;
  }

  @Override
  public ClientCodec client(ClientCodecHost host) {
    return this;
  }

  @Override
  public boolean reads(StateRecord record) {
    return true;
  }

  @Override
  public ServerCodec attachServer(StateRecord record, ServerCodecHost host) {
    return this;
  }

  @Override
  public ClientCodec attachClient(StateRecord record, ClientCodecHost host) {
    return this;
  }

  @Override
  public LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
    return Strangers.ANSWER;
  }

  @Override
  public List<CodecRehearsal> rehearsals() {
    return List.of();
  }

  // ---- both roles

  @Override
  public Progress decode(ByteBuf in) {
    return Progress.WAIT;
  }

  @Override
  public void endOfInput(ByteBuf in) {}

  @Override
  public void data(int stream, ByteBuf data, boolean end) {}

  @Override
  public void trailers(int stream, Fields trailers) {}

  @Override
  public void reset(int stream, Reset reset) {}

  @Override
  public void credit(int stream, int bytes) {}

  @Override
  public void goodbye() {}

  @Override
  public boolean isAtRest() {
    return true;
  }

  @Override
  public StateRecord detach() {
    return Strangers.RECORD;
  }

  @Override
  public void closed() {}

  // ---- one role each

  @Override
  public void respond(int stream, ResponseHead head, boolean end) {}

  @Override
  public int vacancies() {
    return 0;
  }

  @Override
  public int request(RequestHead head, boolean end) {
    return 0;
  }
}
