package dev.osprey.host.stream;

import dev.osprey.host.fence.PlanFence;
import dev.osprey.host.health.HealthChecker;
import dev.osprey.host.loop.Wire;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.host.plan.HealthPlan;
import dev.osprey.host.plan.Slot;
import dev.osprey.spi.codec.CodecPlan;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.message.Reset;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Probes endpoints: connects, and asks what the cluster's check wants to know through the cluster's
 * codec. Every probe has a connection of its own, outside of the pools and their limits.
 */
public final class Prober implements HealthChecker.Prober {
  private static final int BUFFER = 64 * 1024;
  private static final Reset DONE = Reset.byHost(Reset.Reason.CANCELLED, "the probe is over");

  private final Worker worker;

  /** A prober on a worker's loop. */
  public Prober(Worker worker) {
    this.worker = worker;
  }

  @Override
  public void probe(
      ClusterPlan cluster, InetSocketAddress endpoint, HealthChecker.Outcome outcome) {
    HealthPlan health = cluster.health();
    if (health == null) {
      return;
    }
    Duration timeout = health.times().timeout();
    long deadline = worker.loop().now() + timeout.toNanos();
    worker
        .connector()
        .connect(
            worker.loop(),
            endpoint,
            timeout,
            BUFFER,
            new Nobody(),
            new Connector.Outcome() {
              @Override
              public void connected(Wire wire) {
                ask(wire, cluster.index(), deadline, outcome);
              }

              @Override
              public void failed(String why) {
                outcome.failed(why);
              }
            });
  }

  // The generation may be another one by now, or the cluster gone with it.
  private void ask(Wire wire, int cluster, long deadline, HealthChecker.Outcome outcome) {
    ClusterPlan plan = worker.loop().generation().cluster(cluster);
    HealthPlan health = plan == null ? null : plan.health();
    Slot<CodecPlan> codec = plan == null ? null : plan.codec();
    if (plan == null || health == null || worker.loop().isDraining()) {
      wire.closeAfterFlush(DONE);
      outcome.unknown();
      return;
    }
    Slot<HealthCheckPlan> check = health.check();
    if (check == null || codec == null) {
      wire.closeAfterFlush(DONE);
      outcome.answered(null);
      return;
    }
    Probe probe = PlanFence.probe(check.pick(worker.loop().random()), plan.name());
    if (probe == null) {
      wire.closeAfterFlush(DONE);
      outcome.unknown();
      return;
    }
    new ProbeConnection(worker, wire, plan, codec, deadline, outcome).ask(probe);
  }

  /** Owns a wire until its connection is there, and when nothing more is wanted of it. */
  private static final class Nobody implements WireOwner {
    @Override
    public void bytes() {}

    @Override
    public void inputEnded() {}

    @Override
    public void writable() {}

    @Override
    public void closed(Reset why) {}
  }

  /** Tells what the check of the moment says about an answer. */
  static void judge(
      Worker worker, int cluster, ProbeConnection.Answer answer, HealthChecker.Outcome outcome) {
    ClusterPlan plan = worker.loop().generation().cluster(cluster);
    HealthPlan health = plan == null ? null : plan.health();
    Slot<HealthCheckPlan> check = health == null ? null : health.check();
    Optional<String> fault =
        check == null
            ? null
            : PlanFence.fault(
                check.pick(worker.loop().random()),
                answer.head(),
                answer.body(),
                answer.trailers());
    if (fault == null) {
      outcome.unknown();
    } else {
      outcome.answered(fault.orElse(null));
    }
  }
}
