package dev.osprey.health.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.health.Probe;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.testkit.ConfigNodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrpcHealthTest {
  private static final GrpcHealth CHECK = new GrpcHealth("", "");

  private static Optional<String> fault(String status, String hex) {
    ResponseHead head = new ResponseHead();
    head.status(200);
    Fields trailers = new Fields();
    trailers.add("grpc-status", status);
    return CHECK.fault(head, HexFormat.of().parseHex(hex), trailers);
  }

  @Test
  void asksForTheServiceAsProtobufSaysIt() {
    Probe whole = CHECK.probe("shop");
    assertThat(whole.head().path()).isEqualTo("/grpc.health.v1.Health/Check");
    assertThat(whole.head().authority()).isEqualTo("shop");
    assertThat(whole.body()).asHexString().isEqualTo("0000000000");
    assertThat(new GrpcHealth("p.S", "h").probe("shop").body())
        .asHexString()
        .isEqualToIgnoringCase("00000000050a03702e53");
    assertThat(new GrpcHealth("x".repeat(300), "").probe("shop").body()).hasSize(5 + 1 + 2 + 300);
  }

  @Test
  void wantsServing() {
    assertThat(fault("0", "00000000020801")).isEmpty();
    assertThat(fault("0", "00000000020802")).contains("NOT_SERVING");
    assertThat(fault("0", "00000000020803")).contains("SERVICE_UNKNOWN");
    assertThat(fault("0", "0000000000")).contains("UNKNOWN");
    assertThat(fault("5", "")).contains("grpc-status 5");
    for (String broken :
        new String[] {"", "00", "0100000002" + "0801", "00000000020a01", "000000000308"}) {
      assertThat(fault("0", broken)).contains("an answer that is no HealthCheckResponse");
    }
  }

  @Test
  void readsAnAnswerThatIsOnlyTrailers_andOneThatIsNotGrpc() {
    ResponseHead head = new ResponseHead();
    head.status(200);
    head.fields().add("grpc-status", "12");
    head.fields().add("grpc-message", "no such method");
    assertThat(CHECK.fault(head, new byte[0], new Fields()))
        .contains("grpc-status 12: no such method");
    ResponseHead page = new ResponseHead();
    page.status(200);
    assertThat(CHECK.fault(page, new byte[0], new Fields())).contains("no grpc-status");
    ResponseHead other = new ResponseHead();
    other.status(503);
    assertThat(CHECK.fault(other, new byte[0], new Fields())).contains("status 503");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    ConfigNode config = ConfigNodes.json("{'service': 'x', 'authority': 'a b'}");
    var _ = GrpcHealth.from(config);
    assertThat(ConfigNodes.problems(config))
        .contains("service: expected one of service_name, authority")
        .contains("authority: expected a host");
  }

  @Test
  void readsTheExampleOfItsReadme() throws IOException {
    try (InputStream in = GrpcHealthTest.class.getResourceAsStream("/example.yaml")) {
      String example =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(Files.readString(Path.of("README.md"))).contains("```yaml\n" + example + "```\n");
      ConfigNode config = ConfigNodes.yaml(example);
      ConfigNode check = config.required("health_checks").items().getFirst();

      assertThat(GrpcHealth.from(check.required("grpc_health_check")))
          .isEqualTo(new GrpcHealth("shop.Orders", ""));
      assertThat(ConfigNodes.problems(config)).isEmpty();
    }
  }
}
