package dev.osprey.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.spi.PlanContext;
import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.log.AccessLogFactory;
import dev.osprey.spi.log.AccessLogPlan;
import dev.osprey.spi.log.AccessRecord;
import dev.osprey.spi.message.RequestHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A good access log keeps the contract; each mistake is found. */
class AccessLogContractTest extends AccessLogContract {
  private UnaryOperator<String> escape = text -> text.replaceAll("[\\p{Cntrl}]", "?");
  private boolean clears;

  @Override
  protected AccessLogFactory factory() {
    return new PathLog();
  }

  @Override
  protected ConfigNode config() {
    return ConfigNodes.empty();
  }

  @Test
  void findsEachMistake() {
    clears = true;
    assertThatThrownBy(this::writesOneLine_whateverIsKnown).isInstanceOf(AssertionError.class);
    clears = false;
    escape = text -> text;
    assertThatThrownBy(this::writesOneLine_whateverIsKnown).isInstanceOf(AssertionError.class);
    escape = text -> Long.toString(System.nanoTime());
    assertThatThrownBy(this::writesTheSame_onManyStrandsAtOnce).isInstanceOf(AssertionError.class);
  }

  private final class PathLog implements AccessLogFactory {
    @Override
    public String name() {
      return "path";
    }

    @Override
    public List<String> configTypes() {
      return List.of("path");
    }

    @Override
    public AccessLogPlan plan(ConfigNode config, PlanContext context) {
      return new AccessLogPlan() {
        @Override
        public String target() {
          return STDOUT;
        }

        @Override
        public void log(AccessRecord record, ByteBuf line) {
          if (clears) {
            line.clear();
          }
          RequestHead head = record.request();
          String path = head == null ? "-" : head.path();
          line.writeCharSequence(escape.apply(path) + "\n", StandardCharsets.UTF_8);
        }
      };
    }
  }
}
