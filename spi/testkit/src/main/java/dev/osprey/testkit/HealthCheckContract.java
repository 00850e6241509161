package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.HealthCheckFactory;
import dev.osprey.spi.health.HealthCheckPlan;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.ResponseHead;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every health check must keep. An author extends this class and gives a configuration. */
public abstract class HealthCheckContract {
  private static final int ROUNDS = 500;

  /** The health check under test. */
  protected abstract HealthCheckFactory factory();

  /** A configuration with every kind of setting. */
  protected abstract ConfigNode config();

  @Test
  void asksTheSameEachTime_withAHeadOfItsOwn() {
    HealthCheckPlan plan = plan();
    Probe first = plan.probe("cluster");
    Probe second = plan.probe("cluster");

    assertThat(second.head()).isNotSameAs(first.head());
    assertThat(second.head().path()).isEqualTo(first.head().path()).startsWith("/");
    assertThat(second.head().authority()).isEqualTo(first.head().authority()).isNotEmpty();
    assertThat(second.body()).isEqualTo(first.body());
  }

  @Test
  void asksForAHostThatCanBeWritten_whateverTheClusterIsCalled() {
    assertThat(plan().probe("a cluster\r\nwith: a name").head().authority())
        .matches("[A-Za-z0-9._:-]+");
  }

  @Test
  void judgesAnyAnswer_andTheSameAnswerAlike_onManyStrandsAtOnce() throws InterruptedException {
    HealthCheckPlan plan = plan();
    StrandRunner runner = new StrandRunner();
    for (int seed = 0; seed < ROUNDS; seed++) {
      int number = seed;
      Optional<String> expected = judge(plan, number);
      runner.strand().execute(() -> assertThat(judge(plan, number)).isEqualTo(expected));
    }
    runner.awaitIdle();
  }

  private static Optional<String> judge(HealthCheckPlan plan, int seed) {
    Random random = new Random(seed);
    ResponseHead head = new ResponseHead();
    head.status(100 + random.nextInt(500));
    byte[] body = new byte[random.nextInt(12)];
    random.nextBytes(body);
    Fields trailers = new Fields();
    if (random.nextBoolean()) {
      trailers.add("grpc-status", String.valueOf(random.nextInt(3)));
    }
    return plan.fault(head, body, trailers);
  }

  private HealthCheckPlan plan() {
    ConfigNode config = config();
    HealthCheckPlan plan = factory().plan(config, new FakePlanContext("1.0.0"));
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }
}
