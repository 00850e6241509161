package dev.osprey.host.rehearsal;

import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.ResponseHead;
import java.util.Objects;

/** Answers in memory for a health check: good ones, bad ones, and none of its protocol. */
final class HealthRig {
  private static final int[] STATUSES = {200, 204, 302, 404, 503};
  private static final byte[][] BODIES = {{}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 2, 8, 1}, {1, 2, 3}};

  private HealthRig() {}

  /** Lets it ask and judge; says how often. */
  static long play(HealthCheckPlan plan) {
    long judged = 0;
    Objects.requireNonNull(plan.probe("rehearsal"), "no probe");
    for (int status : STATUSES) {
      for (byte[] body : BODIES) {
        ResponseHead head = new ResponseHead();
        head.status(status);
        head.bodyLength(body.length);
        Fields trailers = new Fields();
        Objects.requireNonNull(plan.fault(head, body, trailers), "no judgement");
        trailers.add("rehearsal", "0");
        Objects.requireNonNull(plan.fault(head, body, trailers), "no judgement");
        judged += 2;
      }
    }
    return judged;
  }
}
