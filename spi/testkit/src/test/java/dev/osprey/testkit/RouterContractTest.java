package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.route.RouteDecision;
import dev.osprey.spi.route.RouterFactory;
import dev.osprey.spi.route.RouterPlan;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A good router keeps the contract; each mistake is found. */
class RouterContractTest extends RouterContract {
  private Function<RequestHead, RouteDecision> rule = head -> RouteDecision.NoRoute.INSTANCE;
  private int asked;

  @Override
  protected RouterFactory factory() {
    return new OneRule();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.empty();
  }

  @Override
  protected List<RequestHead> heads() {
    return List.of(head("GET", "a", "/"), head("POST", "b", "/x?y", "k", "v"));
  }

  @Test
  void findsEachMistake() {
    rule = head -> route(Integer.toString(asked++));
    assertThatThrownBy(this::decidesTheSameEachTime_andLeavesTheHeadAsItWas)
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(this::decidesTheSame_onManyStrandsAtOnce).isInstanceOf(AssertionError.class);
    rule =
        head -> {
          head.fields().add("x", "y");
          return RouteDecision.NoRoute.INSTANCE;
        };
    assertThatThrownBy(this::decidesTheSameEachTime_andLeavesTheHeadAsItWas)
        .isInstanceOf(AssertionError.class);
    rule = head -> route(head.path().substring(1));
    assertThatThrownBy(this::decidesOnEveryHead_howeverOdd)
        .isInstanceOf(StringIndexOutOfBoundsException.class);
  }

  private static RouteDecision route(String name) {
    return new RouteDecision.Forward(
        new FakePlanContext.NamedCluster("c"), name, java.time.Duration.ZERO, null, null);
  }

  private final class OneRule implements RouterFactory {
    @Override
    public String name() {
      return "one";
    }

    @Override
    public List<String> configTypes() {
      return List.of("one");
    }

    @Override
    public RouterPlan plan(ConfigNode config, PlanContext context) {
      return new RouterPlan() {
        @Override
        public RouteDecision route(RequestHead head, int random) {
          return rule.apply(head);
        }

        @Override
        public List<RequestHead> rehearsals() {
          return heads();
        }
      };
    }
  }
}
