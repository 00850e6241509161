package dev.osprey.codec.http1;

import dev.osprey.http.common.Forwarding;
import dev.osprey.spi.message.Provenance;

/** Plans for tests. */
final class TestPlans {
  private static final Forwarding SILENT =
      new Forwarding(
          false, 0, true, "", false, true, false, "", Forwarding.ServerHeader.PASS_THROUGH, false);

  /** The mark of these plans; all of them trust each other's offsets. */
  static final Provenance PROVENANCE = new Provenance("codec-http1/test");

  private TestPlans() {}

  /** A plan that adds no field but X-Forwarded-Proto. */
  static Http1Plan silent() {
    return with(Limits.DEFAULTS);
  }

  /** As {@link #silent}, of another version: it does not trust the others' offsets. */
  static Http1Plan foreign() {
    return new Http1Plan(silent().config(), new Provenance("codec-http1/other"), "1.2.4");
  }

  static Http1Plan with(Limits limits) {
    return plan(new Http1Config(limits, SILENT, true, "", true, false));
  }

  static Http1Plan plan(Http1Config config) {
    return new Http1Plan(config, PROVENANCE, "1.2.3");
  }
}
