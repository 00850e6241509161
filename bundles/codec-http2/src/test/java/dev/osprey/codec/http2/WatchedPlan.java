package dev.osprey.codec.http2;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.CodecRehearsal;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Recognition;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A plan that shows the codecs that it makes, and the records that they are made of. */
record WatchedPlan(Http2Plan plan, Consumer<Connection> made, Consumer<StateRecord> records)
    implements CodecPlan {
  private ServerCodec shown(ServerCodec codec) {
    made.accept(((Http2ServerCodec) codec).connection);
    return codec;
  }

  private ClientCodec shown(ClientCodec codec) {
    made.accept(((Http2ClientCodec) codec).connection);
    return codec;
  }

  @Override
  public Recognition recognise(ByteBuf first) {
    return plan.recognise(first);
  }

  @Override
  public boolean isMultiplexed() {
    return plan.isMultiplexed();
  }

  @Override
  public ServerCodec server(ServerCodecHost host) {
    return shown(plan.server(host));
  }

  @Override
  public ClientCodec client(ClientCodecHost host) {
    return shown(plan.client(host));
  }

  @Override
  public boolean reads(StateRecord record) {
    return plan.reads(record);
  }

  @Override
  public ServerCodec attachServer(StateRecord record, ServerCodecHost host) {
    records.accept(record);
    return shown(plan.attachServer(record, host));
  }

  @Override
  public ClientCodec attachClient(StateRecord record, ClientCodecHost host) {
    records.accept(record);
    return shown(plan.attachClient(record, host));
  }

  @Override
  public LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
    return plan.answer(reply, request);
  }

  @Override
  public List<CodecRehearsal> rehearsals() {
    return plan.rehearsals();
  }
}
