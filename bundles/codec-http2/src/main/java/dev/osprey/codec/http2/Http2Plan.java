package dev.osprey.codec.http2;

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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A checked HTTP/2 configuration; makes codecs in both roles. */
final class Http2Plan implements CodecPlan {
  private final Http2Config config;
  private final Provenance provenance;
  private final Counters counters;
  private final ResponseExtras responseExtras;
  private final ForwardedPlan forwarded;
  private final LongSupplier clock;

  Http2Plan(
      Http2Config config,
      Provenance provenance,
      Counters counters,
      String version,
      LongSupplier clock) {
    this.clock = clock;
    this.config = config;
    this.provenance = provenance;
    this.counters = counters;
    this.responseExtras = new ResponseExtras(config.forwarding(), version);
    this.forwarded = new ForwardedPlan(config.forwarding(), Names.FORWARDED);
  }

  Http2Config config() {
    return config;
  }

  Provenance provenance() {
    return provenance;
  }

  Counters counters() {
    return counters;
  }

  /** Nanoseconds of a clock that only goes on. */
  LongSupplier clock() {
    return clock;
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
    return true;
  }

  @Override
  public ServerCodec server(ServerCodecHost host) {
    return new Http2ServerCodec(this, new State(config), host);
  }

  @Override
  public ClientCodec client(ClientCodecHost host) {
    return new Http2ClientCodec(this, new State(config), host).begin();
  }

  @Override
  public boolean reads(StateRecord record) {
    return record.isIn(Http2ServerCodec.FORMAT, State.VERSION, State.VERSION)
        || record.isIn(Http2ClientCodec.FORMAT, State.VERSION, State.VERSION);
  }

  @Override
  public ServerCodec attachServer(StateRecord record, ServerCodecHost host) {
    return new Http2ServerCodec(this, State.of(record, config, host), host);
  }

  @Override
  public ClientCodec attachClient(StateRecord record, ClientCodecHost host) {
    return new Http2ClientCodec(this, State.of(record, config, host), host);
  }

  @Override
  public LocalAnswer answer(LocalReply reply, @Nullable RequestHead request) {
    return GrpcAnswers.of(reply, request);
  }

  @Override
  public List<CodecRehearsal> rehearsals() {
    return Corpus.rehearsals();
  }
}
