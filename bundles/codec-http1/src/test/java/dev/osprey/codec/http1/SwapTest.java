package dev.osprey.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Codecs that move to another plan at any moment, and input that is cut anywhere. */
class SwapTest {
  private static final String SCENARIOS = "dev.osprey.codec.http1.Scenario#all";

  /** All that can be seen of a run from outside. */
  private record Outcome(
      String upstream,
      String client,
      boolean upstreamOpen,
      boolean clientOpen,
      List<String> events) {
    static Outcome of(Proxy proxy) {
      Outcome outcome =
          new Outcome(
              proxy.upstream.output(),
              proxy.client.output(),
              proxy.upstream.closed == null,
              proxy.client.closed == null,
              List.copyOf(proxy.events));
      proxy.end();
      return outcome;
    }

    /** The same with chunks joined, for runs whose input was cut differently. */
    Outcome joined(List<String> methods) {
      return new Outcome(
          String.join("|", Reference.requests(upstream)),
          String.join("|", Reference.responses(client, methods)),
          upstreamOpen,
          clientOpen,
          events);
    }
  }

  @ParameterizedTest
  @MethodSource(SCENARIOS)
  void changesNothing_whenInputIsCutAnywhere(Scenario scenario) {
    Outcome whole = run(scenario, new Proxy(TestPlans.silent())).joined(scenario.methods());
    assertThat(run(scenario.bytewise(), new Proxy(TestPlans.silent())).joined(scenario.methods()))
        .isEqualTo(whole);
    for (int at = 1; at < scenario.longest(); at++) {
      Proxy proxy = new Proxy(TestPlans.silent());
      assertThat(run(scenario.cutOnce(at), proxy).joined(scenario.methods())).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource(SCENARIOS)
  void changesNothing_whenTheCodecsMoveBeforeEveryCall(Scenario scenario) {
    assertThat(run(scenario, moving())).isEqualTo(run(scenario, new Proxy(TestPlans.silent())));
    Scenario bytewise = scenario.bytewise();
    assertThat(run(bytewise, moving())).isEqualTo(run(bytewise, new Proxy(TestPlans.silent())));
  }

  @ParameterizedTest
  @MethodSource(SCENARIOS)
  void changesNothing_whenTheCodecsMoveOnceAtAnyByte(Scenario scenario) {
    Scenario bytewise = scenario.bytewise();
    Outcome still = run(bytewise, new Proxy(TestPlans.silent()));
    for (int at = 0; at < bytewise.steps().size(); at++) {
      Proxy proxy = new Proxy(TestPlans.silent());
      for (int i = 0; i < bytewise.steps().size(); i++) {
        if (i == at) {
          proxy.moveTo(TestPlans.foreign());
        }
        Scenario.run(proxy, bytewise.steps().get(i));
      }
      assertThat(Outcome.of(proxy)).as("moved before byte %d", at).isEqualTo(still);
    }
  }

  private static Proxy moving() {
    return new Proxy(TestPlans.silent(), TestPlans.foreign());
  }

  private static Outcome run(Scenario scenario, Proxy proxy) {
    scenario.steps().forEach(step -> Scenario.run(proxy, step));
    return Outcome.of(proxy);
  }
}
