package dev.osprey.host.fence;

import dev.osprey.host.plan.Bound;
import dev.osprey.host.plan.Extension;
import dev.osprey.spi.Owned;
import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.Codec;
import dev.osprey.spi.codec.CodecPlan;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A codec instance behind the fence: whatever it throws ends its connection and nothing else. */
public final class CodecFence {
  private final Codec codec;
  private final Extension extension;
  private final Owner owner;
  private boolean decoding;
  private boolean brokeInDecode;

  /** The connection behind a fence. */
  public interface Owner {
    /** The codec threw; it is not to be called again. */
    void broken(Reset why);

    /** True when the buffer was written by the codec and is owned by the wire now. */
    boolean holds(ByteBuf data);
  }

  private CodecFence(Codec codec, Extension extension, Owner owner) {
    this.codec = codec;
    this.extension = extension;
    this.owner = owner;
  }

  /**
   * A new instance for a downstream connection, or one that goes on from {@code record}; null when
   * making it failed, which the owner has been told.
   */
  public static @Nullable CodecFence server(
      Bound<CodecPlan> bound, @Nullable StateRecord record, ServerCodecHost host, Owner owner) {
    try {
      CodecPlan plan = bound.plan();
      Codec made = record == null ? plan.server(host) : plan.attachServer(record, host);
      return new CodecFence(Objects.requireNonNull(made, "no codec"), bound.extension(), owner);
    } catch (Throwable thrown) {
      owner.broken(Failures.note(bound.extension(), "create", thrown));
      return null;
    }
  }

  /** As {@link #server}, for an upstream connection. */
  public static @Nullable CodecFence client(
      Bound<CodecPlan> bound, @Nullable StateRecord record, ClientCodecHost host, Owner owner) {
    try {
      CodecPlan plan = bound.plan();
      Codec made = record == null ? plan.client(host) : plan.attachClient(record, host);
      return new CodecFence(Objects.requireNonNull(made, "no codec"), bound.extension(), owner);
    } catch (Throwable thrown) {
      owner.broken(Failures.note(bound.extension(), "create", thrown));
      return null;
    }
  }

  /** See {@link CodecPlan#reads}; false when it throws. */
  public static boolean reads(Bound<CodecPlan> bound, StateRecord record) {
    try {
      return bound.plan().reads(record);
    } catch (Throwable thrown) {
      var _ = Failures.note(bound.extension(), "reads", thrown);
      return false;
    }
  }

  /** See {@link CodecPlan#recognise}; {@link Recognition#NO} when it throws. */
  public static Recognition recognise(Bound<CodecPlan> bound, ByteBuf first) {
    try {
      return Objects.requireNonNull(bound.plan().recognise(first), "no answer");
    } catch (Throwable thrown) {
      var _ = Failures.note(bound.extension(), "recognise", thrown);
      return Recognition.NO;
    }
  }

  /** See {@link CodecPlan#isMultiplexed}; false when it throws. */
  public static boolean isMultiplexed(Bound<CodecPlan> bound) {
    try {
      return bound.plan().isMultiplexed();
    } catch (Throwable thrown) {
      var _ = Failures.note(bound.extension(), "isMultiplexed", thrown);
      return false;
    }
  }

  /** The proxy's own answer in a codec's words; null when the plan throws. */
  public static @Nullable LocalAnswer answer(
      Bound<CodecPlan> bound, LocalReply reply, @Nullable RequestHead request) {
    try {
      return bound.plan().answer(reply, request);
    } catch (Throwable thrown) {
      var _ = Failures.note(bound.extension(), "answer", thrown);
      return null;
    }
  }

  /** See {@link Codec#decode}; {@link Progress#WAIT} when it threw. */
  public Progress decode(ByteBuf in) {
    decoding = true;
    try {
      return codec.decode(in);
    } catch (Throwable thrown) {
      broke("decode", thrown);
      return Progress.WAIT;
    } finally {
      decoding = false;
      if (brokeInDecode) {
        // Only now: what it gives back may be in use until its outermost call returns.
        brokeInDecode = false;
        closed();
      }
    }
  }

  /** See {@link Codec#endOfInput}. */
  public void endOfInput(ByteBuf in) {
    try {
      codec.endOfInput(in);
    } catch (Throwable thrown) {
      broke("endOfInput", thrown);
    }
  }

  /** See {@link ServerCodec#respond}. */
  public void respond(int stream, ResponseHead head, boolean end) {
    try {
      ((ServerCodec) codec).respond(stream, head, end);
    } catch (Throwable thrown) {
      broke("respond", thrown);
    }
  }

  /** See {@link ServerCodec#requestTimedOut}. */
  public void requestTimedOut() {
    try {
      ((ServerCodec) codec).requestTimedOut();
    } catch (Throwable thrown) {
      broke("requestTimedOut", thrown);
    }
  }

  /** See {@link ClientCodec#vacancies}; 0 when it threw. */
  public int vacancies() {
    try {
      return ((ClientCodec) codec).vacancies();
    } catch (Throwable thrown) {
      broke("vacancies", thrown);
      return 0;
    }
  }

  /** See {@link ClientCodec#isReady}; false when it threw. */
  public boolean isReady() {
    try {
      return ((ClientCodec) codec).isReady();
    } catch (Throwable thrown) {
      broke("isReady", thrown);
      return false;
    }
  }

  /** See {@link ClientCodec#request}; -1 when it threw. */
  public int request(RequestHead head, boolean end) {
    try {
      return ((ClientCodec) codec).request(head, end);
    } catch (Throwable thrown) {
      broke("request", thrown);
      return -1;
    }
  }

  /** See {@link Codec#data}. */
  public void data(int stream, @Owned ByteBuf data, boolean end) {
    int before = data.refCnt();
    try {
      codec.data(stream, data, end);
    } catch (Throwable thrown) {
      // The contract makes the codec release it on every path; one that throws early did not.
      if (data.refCnt() >= before && !owner.holds(data)) {
        data.release();
      }
      broke("data", thrown);
    }
  }

  /** See {@link Codec#trailers}. */
  public void trailers(int stream, Fields trailers) {
    try {
      codec.trailers(stream, trailers);
    } catch (Throwable thrown) {
      broke("trailers", thrown);
    }
  }

  /** See {@link Codec#reset}. */
  public void reset(int stream, Reset reset) {
    try {
      codec.reset(stream, reset);
    } catch (Throwable thrown) {
      broke("reset", thrown);
    }
  }

  /** See {@link Codec#credit}. */
  public void credit(int stream, int bytes) {
    try {
      codec.credit(stream, bytes);
    } catch (Throwable thrown) {
      broke("credit", thrown);
    }
  }

  /** See {@link Codec#goodbye}. */
  public void goodbye() {
    try {
      codec.goodbye();
    } catch (Throwable thrown) {
      broke("goodbye", thrown);
    }
  }

  /** See {@link Codec#closesAfterGoodbye}; false when it threw. */
  public boolean closesAfterGoodbye() {
    try {
      return codec.closesAfterGoodbye();
    } catch (Throwable thrown) {
      broke("closesAfterGoodbye", thrown);
      return false;
    }
  }

  /** See {@link Codec#wake}. */
  public void wake() {
    try {
      codec.wake();
    } catch (Throwable thrown) {
      broke("wake", thrown);
    }
  }

  /** See {@link Codec#isWritable}; true when it threw. */
  public boolean isWritable(int stream) {
    try {
      return codec.isWritable(stream);
    } catch (Throwable thrown) {
      broke("isWritable", thrown);
      return true;
    }
  }

  /** See {@link Codec#isAtRest}; false when it threw. */
  public boolean isAtRest() {
    try {
      return codec.isAtRest();
    } catch (Throwable thrown) {
      broke("isAtRest", thrown);
      return false;
    }
  }

  /** See {@link Codec#detach}; null when it threw. */
  public @Nullable StateRecord detach() {
    try {
      return codec.detach();
    } catch (Throwable thrown) {
      // Whether it has given back what it held nobody can know: it is not asked again.
      owner.broken(Failures.note(extension, "detach", thrown));
      return null;
    }
  }

  /** See {@link Codec#closed}. */
  public void closed() {
    try {
      codec.closed();
    } catch (Throwable thrown) {
      var _ = Failures.note(extension, "closed", thrown);
    }
  }

  private void broke(String callback, Throwable thrown) {
    owner.broken(Failures.note(extension, callback, thrown));
    if (decoding) {
      brokeInDecode = true;
    } else {
      closed();
    }
  }
}
