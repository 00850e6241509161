package dev.osprey.host.rehearsal;

import dev.osprey.host.deploy.Refusal;
import dev.osprey.host.plan.Bound;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.lb.LoadBalancerPlan;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.network.ByteTerminalPlan;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterPlan;
import dev.osprey.spi.stream.StreamFilterPlan;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Rehearses every kind of plan. */
public final class PlanRehearsal implements Rehearsal {
  private static final Duration CODEC_TIME = Duration.ofSeconds(2);
  private static final Duration OTHER_TIME = Duration.ofMillis(600);
  private static final long CODEC_MESSAGES = 300_000;
  private static final long OTHER_MESSAGES = 100_000;
  // A probe is no hot path: its classes are to be there, no more.
  private static final long SELDOM = 1_000;

  @Override
  public Rehearsed run(String slot, Bound<?> bound, boolean settle) throws Refusal {
    return switch (bound.plan()) {
      case CodecPlan plan -> codec(slot, bound, plan, settle);
      case StreamFilterPlan plan -> filter(slot, bound, plan, settle);
      case RouterPlan plan -> router(slot, bound, plan, settle);
      case ByteTerminalPlan plan -> terminal(slot, bound, plan, settle);
      case LoadBalancerPlan plan -> balancer(slot, bound, plan, settle);
      case HealthCheckPlan plan -> health(slot, bound, plan, settle);
      case AccessLogPlan plan -> log(slot, bound, plan, settle);
      default -> throw new IllegalStateException("no rehearsal for " + bound.plan().getClass());
    };
  }

  private static Rehearsed codec(String slot, Bound<?> bound, CodecPlan plan, boolean settle)
      throws Refusal {
    CodecCorpus corpus = new CodecCorpus(plan);
    long checked = corpus.check();
    if (!settle || corpus.exchanges().isEmpty()) {
      return result(slot, bound, checked);
    }
    try (Rig rig = new Rig(plan)) {
      Cost cost = new Cost(CODEC_TIME, CODEC_MESSAGES).settle(() -> corpus.playAll(rig));
      return result(slot, bound, checked, cost);
    }
  }

  private static Rehearsed router(String slot, Bound<?> bound, RouterPlan plan, boolean settle) {
    List<RequestHead> heads = List.copyOf(plan.rehearsals());
    for (RequestHead head : heads) {
      for (int random : new int[] {0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        decide(plan, head, random);
      }
    }
    if (!settle || heads.isEmpty()) {
      return result(slot, bound, heads.size());
    }
    int[] random = {0};
    Cost cost =
        new Cost(OTHER_TIME, OTHER_MESSAGES)
            .settle(() -> {
              for (RequestHead head : heads) {
                decide(plan, head, random[0] += 0x9E3779B9);
              }
              return heads.size();
            });
    return result(slot, bound, heads.size(), cost);
  }

  private static void decide(RouterPlan plan, RequestHead head, int random) {
    RouteDecision decision = Objects.requireNonNull(plan.route(head, random), "no decision");
    if (decision instanceof RouteDecision.Forward forward) {
      var _ = Objects.requireNonNull(plan.maxDuration(head, forward), "no duration");
    }
  }

  private static Rehearsed health(
      String slot, Bound<?> bound, HealthCheckPlan plan, boolean settle) {
    long checked = HealthRig.play(plan);
    return settle
        ? result(
            slot, bound, checked, new Cost(OTHER_TIME, SELDOM).settle(() -> HealthRig.play(plan)))
        : result(slot, bound, checked);
  }

  private static Rehearsed filter(
      String slot, Bound<?> bound, StreamFilterPlan plan, boolean settle) throws Refusal {
    FilterRig rig = new FilterRig(plan);
    long checked = rig.check();
    if (!settle) {
      return result(slot, bound, checked);
    }
    return result(slot, bound, checked, new Cost(OTHER_TIME, OTHER_MESSAGES).settle(rig::play));
  }

  private static Rehearsed terminal(
      String slot, Bound<?> bound, ByteTerminalPlan plan, boolean settle) throws Refusal {
    TerminalRig.check(plan);
    if (!settle) {
      return result(slot, bound, 1);
    }
    Cost cost = new Cost(OTHER_TIME, OTHER_MESSAGES).settle(() -> TerminalRig.play(plan, false));
    return result(slot, bound, 1, cost);
  }

  private static Rehearsed balancer(
      String slot, Bound<?> bound, LoadBalancerPlan plan, boolean settle) throws Refusal {
    BalancerRig rig = new BalancerRig(plan);
    long checked = rig.check();
    if (!settle) {
      return result(slot, bound, checked);
    }
    return result(slot, bound, checked, new Cost(OTHER_TIME, OTHER_MESSAGES).settle(rig::play));
  }

  private static Rehearsed log(String slot, Bound<?> bound, AccessLogPlan plan, boolean settle) {
    ByteBuf line = End.ALLOC.directBuffer();
    try {
      SampleRecord.ALL.forEach(record -> plan.log(record, line));
      if (!settle) {
        return result(slot, bound, SampleRecord.ALL.size());
      }
      Cost cost =
          new Cost(OTHER_TIME, OTHER_MESSAGES)
              .settle(() -> {
                SampleRecord.ALL.forEach(record -> plan.log(record, line.clear()));
                return SampleRecord.ALL.size();
              });
      return result(slot, bound, SampleRecord.ALL.size(), cost);
    } finally {
      line.release();
    }
  }

  private static Rehearsed result(String slot, Bound<?> bound, long messages) {
    return new Rehearsed(slot, bound.extension().toString(), messages, 0, 0);
  }

  private static Rehearsed result(String slot, Bound<?> bound, long messages, Cost cost) {
    return new Rehearsed(
        slot,
        bound.extension().toString(),
        messages + cost.messages(),
        cost.firstNanos(),
        cost.lastNanos());
  }
}
