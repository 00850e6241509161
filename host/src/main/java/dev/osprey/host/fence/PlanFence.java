package dev.osprey.host.fence;

import dev.osprey.host.plan.Balancer;
import dev.osprey.host.plan.Bound;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.lb.LoadState;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls on plans that strands make, behind the fence. */
public final class PlanFence {
  private PlanFence() {}

  /** The router's decision; an answer that says so when it throws. */
  public static RouteDecision route(Bound<RouterPlan> router, RequestHead head, int random) {
    try {
      return router.plan().route(head, random);
    } catch (Throwable thrown) {
      String text = Failures.note(router.extension(), "route", thrown).detail();
      return new RouteDecision.Answer("", LocalReply.of(LocalReply.Kind.EXTENSION_FAILURE, text));
    }
  }

  /** How long the stream of a decision may take; null when the router throws. */
  public static @Nullable Duration maxDuration(
      Bound<RouterPlan> router, RequestHead head, RouteDecision.Forward decision) {
    try {
      return Objects.requireNonNull(router.plan().maxDuration(head, decision), "no duration");
    } catch (Throwable thrown) {
      var _ = Failures.note(router.extension(), "maxDuration", thrown);
      return null;
    }
  }

  /** The balancer's choice among {@code count} endpoints; any of them when it throws. */
  public static int pick(Balancer balancer, LoadState state, int random, int count) {
    try {
      return Objects.checkIndex(balancer.picks().pick(state, random), count);
    } catch (Throwable thrown) {
      var _ = Failures.note(balancer.plan().extension(), "pick", thrown);
      return Integer.remainderUnsigned(random, count);
    }
  }

  /** What a health check asks; null when it throws. */
  public static @Nullable Probe probe(Bound<HealthCheckPlan> check, String cluster) {
    try {
      return Objects.requireNonNull(check.plan().probe(cluster), "no probe");
    } catch (Throwable thrown) {
      var _ = Failures.note(check.extension(), "probe", thrown);
      return null;
    }
  }

  /** What a health check finds wrong with an answer; null when it throws. */
  @SuppressWarnings("NullableOptional") // as elsewhere here, null says that there is no answer
  public static @Nullable Optional<String> fault(
      Bound<HealthCheckPlan> check, ResponseHead head, byte[] body, Fields trailers) {
    try {
      return Objects.requireNonNull(check.plan().fault(head, body, trailers), "no judgement");
    } catch (Throwable thrown) {
      var _ = Failures.note(check.extension(), "fault", thrown);
      return null;
    }
  }

  /** Appends the record's line; what a throwing log appended is taken back. */
  public static void log(Bound<AccessLogPlan> log, AccessRecord entry, ByteBuf line) {
    int before = line.writerIndex();
    try {
      log.plan().log(entry, line);
    } catch (Throwable thrown) {
      line.writerIndex(before);
      var _ = Failures.note(log.extension(), "log", thrown);
    }
  }
}
