package dev.osprey.testkit.toy;

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
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configured toy codec. */
final class ToyMuxPlan implements CodecPlan {
  static final String SERVER_FORMAT = "toymux.server";
  static final String CLIENT_FORMAT = "toymux.client";

  private final ToyMuxConfig config;
  private final String version;

  ToyMuxPlan(ToyMuxConfig config, String version) {
    this.config = config;
    this.version = version;
  }

  @Override
  public Recognition recognise(ByteBuf first) {
    if (!Wire.beginsLikePreface(first)) {
      return Recognition.NO;
    }
    boolean complete = first.readableBytes() >= Wire.PREFACE.length;
    return complete ? Recognition.MATCH : Recognition.NEED_MORE;
  }

  @Override
  public boolean isMultiplexed() {
    return true;
  }

  @Override
  public ServerCodec server(ServerCodecHost host) {
    return new MuxServer(new MuxState(), host, config, version);
  }

  @Override
  public ClientCodec client(ClientCodecHost host) {
    return new MuxClient(new MuxState(), host, config);
  }

  @Override
  public boolean reads(StateRecord record) {
    return record.isIn(SERVER_FORMAT, MuxState.RECORD_VERSION, MuxState.RECORD_VERSION)
        || record.isIn(CLIENT_FORMAT, MuxState.RECORD_VERSION, MuxState.RECORD_VERSION);
  }

  @Override
  public ServerCodec attachServer(StateRecord record, ServerCodecHost host) {
    return new MuxServer(MuxState.from(record, host.alloc()), host, config, version);
  }

  @Override
  public ClientCodec attachClient(StateRecord record, ClientCodecHost host) {
    return new MuxClient(MuxState.from(record, host.alloc()), host, config);
  }

  @Override
  public LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    ResponseHead head = new ResponseHead();
    head.status(reply.status() != 0 ? reply.status() : status(reply.kind()));
    head.bodyLength(body.length);
    reply.fields().forEach(field -> head.fields().add(field.getKey(), field.getValue()));
    return new LocalAnswer(head, body);
  }

  private static int status(LocalReply.Kind kind) {
    return switch (kind) {
      case DIRECT -> 200;
      case BAD_REQUEST -> 400;
      case NO_ROUTE -> 404;
      case REQUEST_TIMEOUT -> 408;
      case EXTENSION_FAILURE -> 500;
      case CONNECT_FAILURE, UPSTREAM_RESET, UPSTREAM_CANCELLED, UPSTREAM_PROTOCOL_ERROR -> 502;
      case NO_UPSTREAM, OVERFLOW, UNAVAILABLE -> 503;
      case UPSTREAM_TIMEOUT -> 504;
    };
  }

  @Override
  public List<CodecRehearsal> rehearsals() {
    return ToyMuxCorpus.rehearsals();
  }
}
