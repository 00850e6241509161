package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TemplateTest {
  @Test
  void fillsEveryPlace() {
    Template template =
        new Template("port: ${listener_port} # ${...} and $1 stay, ${upstream_port}");

    assertThat(template.fill(Map.of("listener_port", 10_000, "upstream_port", "$2")))
        .isEqualTo("port: 10000 # ${...} and $1 stay, $2");
  }

  @Test
  void refusesAPlaceWithoutValue() {
    Template template = new Template("${unknown}");

    assertThatThrownBy(() -> template.fill(Map.of()))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("${unknown}");
  }
}
