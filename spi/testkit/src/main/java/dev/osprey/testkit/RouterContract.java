package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterFactory;
import dev.osprey.spi.route.RouterPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What every router must keep. An author extends this class and gives a configuration and heads.
 */
public abstract class RouterContract {
  private static final int ROUNDS = 300;

  /** The router under test. */
  protected abstract RouterFactory factory();

  /** A configuration with every kind of match. */
  protected abstract ConfigNode config();

  /** Heads that meet every branch. */
  protected abstract List<RequestHead> heads();

  @Test
  void decidesTheSameEachTime_andLeavesTheHeadAsItWas() {
    RouterPlan plan = plan();
    for (RequestHead head : heads()) {
      for (int random : new int[] {0, 1, -1, 4711, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        String before = head.toString();
        RouteDecision first = plan.route(head, random);
        assertThat(plan.route(head, random)).isEqualTo(first);
        if (first instanceof RouteDecision.Forward forward) {
          assertThat(plan.maxDuration(head, forward).isNegative()).as(head.path()).isFalse();
        }
        assertThat(head.toString()).isEqualTo(before);
      }
    }
  }

  @Test
  void decidesTheSame_onManyStrandsAtOnce() throws InterruptedException {
    RouterPlan plan = plan();
    StrandRunner runner = new StrandRunner();
    for (RequestHead head : heads()) {
      RouteDecision expected = plan.route(head, 7);
      StrandRunner.Strand strand = runner.strand();
      for (int i = 0; i < ROUNDS; i++) {
        strand.execute(() -> assertThat(plan.route(head, 7)).isEqualTo(expected));
      }
    }
    runner.awaitIdle();
  }

  @Test
  void decidesOnEveryHead_howeverOdd() {
    RouterPlan plan = plan();
    Random random = new Random(1);
    for (RequestHead head : oddHeads(random)) {
      assertThat(plan.route(head, random.nextInt())).as(head.path()).isNotNull();
    }
  }

  @Test
  void decidesOnItsOwnRehearsals() {
    RouterPlan plan = plan();
    assertThat(plan.rehearsals()).allSatisfy(head -> assertThat(plan.route(head, 0)).isNotNull());
  }

  /** A head of that method, authority and path; fields as name, value, name, value. */
  public static RequestHead head(String method, String authority, String path, String... fields) {
    RequestHead head = new RequestHead();
    head.method(method);
    head.authority(authority);
    head.path(path);
    for (int i = 0; i < fields.length; i += 2) {
      head.fields().add(fields[i], fields[i + 1]);
    }
    return head;
  }

  private RouterPlan plan() {
    ConfigNode config = config();
    RouterPlan plan = factory().plan(config, new FakePlanContext("1.0.0"));
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }

  private static List<RequestHead> oddHeads(Random random) {
    List<RequestHead> heads = new ArrayList<>();
    heads.add(new RequestHead());
    heads.add(head("GET", "", ""));
    heads.add(head("OPTIONS", "a", "*"));
    heads.add(head("CONNECT", "a:443", ""));
    heads.add(head("GET", ":", "?"));
    heads.add(head("GET", "[::1]:80", "/?"));
    heads.add(head("GET", "A.B.", "/%00%zz/../..//"));
    heads.add(head("GET", "a".repeat(10_000), "/" + "b/".repeat(10_000)));
    for (int i = 0; i < ROUNDS; i++) {
      heads.add(
          head(noise(random), noise(random), noise(random), "x" + noise(random), noise(random)));
    }
    return heads;
  }

  private static String noise(Random random) {
    StringBuilder text = new StringBuilder();
    random.ints(random.nextInt(20), 0, 256).forEach(c -> text.append((char) c));
    return text.toString();
  }
}
