package dev.osprey.codec.http1;

import dev.osprey.http.common.Answers;
import dev.osprey.http.common.ForwardedPlan;
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
import dev.osprey.spi.message.Provenance;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A checked HTTP/1 configuration; makes codecs in both roles. */
final class Http1Plan implements CodecPlan {
  private final Http1Config config;
  private final Provenance provenance;
  private final ResponseExtras responseExtras;
  private final ForwardedPlan forwarded;

  Http1Plan(Http1Config config, Provenance provenance, String version) {
    this.config = config;
    this.provenance = provenance;
    this.responseExtras = new ResponseExtras(config.forwarding(), version);
    this.forwarded = new ForwardedPlan(config.forwarding(), Tags.FORWARDED);
  }

  Http1Config config() {
    return config;
  }

  Provenance provenance() {
    return provenance;
  }

  ResponseExtras responseExtras() {
    return responseExtras;
  }

  ForwardedPlan forwarded() {
    return forwarded;
  }

  @Override
  public Recognition recognise(ByteBuf first) {
    return FirstBytes.recognise(first);
  }

  @Override
  public boolean isMultiplexed() {
    return false;
  }

  @Override
  public ServerCodec server(ServerCodecHost host) {
    return new Http1ServerCodec(this, host);
  }

  @Override
  public ClientCodec client(ClientCodecHost host) {
    return new Http1ClientCodec(this, host);
  }

  @Override
  public boolean reads(StateRecord record) {
    return record.isIn(Http1ServerCodec.FORMAT, 1, Http1ServerCodec.VERSION)
        || record.isIn(Http1ClientCodec.FORMAT, 1, Http1ClientCodec.VERSION);
  }

  @Override
  public ServerCodec attachServer(StateRecord record, ServerCodecHost host) {
    Http1ServerCodec codec = new Http1ServerCodec(this, host);
    codec.restore(record);
    return codec;
  }

  @Override
  public ClientCodec attachClient(StateRecord record, ClientCodecHost host) {
    Http1ClientCodec codec = new Http1ClientCodec(this, host);
    codec.restore(record);
    return codec;
  }

  @Override
  public LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
    return Answers.of(reply, "HTTP/1.1");
  }

  @Override
  public List<CodecRehearsal> rehearsals() {
    return Corpus.rehearsals();
  }
}
