package dev.osprey.host.fence;

import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.Codec;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.codec.LocalAnswer;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A codec in rehearsal. What it throws goes through, for a rehearsal is there to find that out.
 *
 * <p>It is a fence because a codec's code is compiled while it is rehearsed, together with what it
 * calls in the rig, and with what the rig calls then: were those calls on classes of bundles, the
 * new version's code would name the old one's classes and keep them alive under traffic. So
 * strangers come first here too (docs/decisions/0014-strangers.md). One thread at a time.
 */
public final class OpenFence {
  private final Codec codec;

  private OpenFence(@Nullable Codec codec) {
    this.codec = Objects.requireNonNull(codec, "no codec");
  }

  /** See {@link CodecPlan#server}. */
  public static OpenFence server(CodecPlan plan, ServerCodecHost host) {
    return new OpenFence(plan.server(host));
  }

  /** See {@link CodecPlan#client}. */
  public static OpenFence client(CodecPlan plan, ClientCodecHost host) {
    return new OpenFence(plan.client(host));
  }

  /** See {@link CodecPlan#attachServer}. */
  public static OpenFence server(CodecPlan plan, StateRecord record, ServerCodecHost host) {
    return new OpenFence(plan.attachServer(record, host));
  }

  /** See {@link CodecPlan#attachClient}. */
  public static OpenFence client(CodecPlan plan, StateRecord record, ClientCodecHost host) {
    return new OpenFence(plan.attachClient(record, host));
  }

  /** See {@link CodecPlan#reads}. */
  public static boolean reads(CodecPlan plan, StateRecord record) {
    return plan.reads(record);
  }

  /** See {@link CodecPlan#isMultiplexed}. */
  public static boolean isMultiplexed(CodecPlan plan) {
    return plan.isMultiplexed();
  }

  /** See {@link CodecPlan#answer}. */
  public static LocalAnswer answer(
      CodecPlan plan, LocalReply reply, @Nullable RequestHead request) {
    return plan.answer(reply, request);
  }

  /** See {@link Codec#decode}. */
  public Progress decode(ByteBuf in) {
    return codec.decode(in);
  }

  /** See {@link Codec#endOfInput}. */
  public void endOfInput(ByteBuf in) {
    codec.endOfInput(in);
  }

  /** See {@link ServerCodec#respond}. */
  public void respond(int stream, ResponseHead head, boolean end) {
    ((ServerCodec) codec).respond(stream, head, end);
  }

  /** See {@link ClientCodec#vacancies}. */
  public int vacancies() {
    return ((ClientCodec) codec).vacancies();
  }

  /** See {@link ClientCodec#request}. */
  public int request(RequestHead head, boolean end) {
    return ((ClientCodec) codec).request(head, end);
  }

  /** See {@link Codec#data}. */
  public void data(int stream, @Owned ByteBuf data, boolean end) {
    codec.data(stream, data, end);
  }

  /** See {@link Codec#trailers}. */
  public void trailers(int stream, Fields trailers) {
    codec.trailers(stream, trailers);
  }

  /** See {@link Codec#reset}. */
  public void reset(int stream, Reset reset) {
    codec.reset(stream, reset);
  }

  /** See {@link Codec#credit}. */
  public void credit(int stream, int bytes) {
    codec.credit(stream, bytes);
  }

  /** See {@link Codec#isWritable}. */
  public boolean isWritable(int stream) {
    return codec.isWritable(stream);
  }

  /** See {@link Codec#detach}. */
  public StateRecord detach() {
    return codec.detach();
  }

  /** See {@link Codec#closed}. */
  public void closed() {
    codec.closed();
  }
}
