package dev.osprey.stream.grpcstats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import dev.osprey.spi.stream.StreamFilter;
import dev.osprey.spi.stream.StreamFilterPlan;
import dev.osprey.testkit.ConfigNodes;
import dev.osprey.testkit.FakePlanContext;
import dev.osprey.testkit.FakeStreamSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted, under which names. */
class GrpcStatsTest {
  private final FakePlanContext context = new FakePlanContext("1.0.0");

  private StreamFilterPlan plan(String json) {
    ConfigNode config = ConfigNodes.json(json);
    StreamFilterPlan plan = new GrpcStatsFactory().plan(config, context);
    assertThat(ConfigNodes.problems(config)).isEmpty();
    return plan;
  }

  private static String problems(String json) {
    ConfigNode config = ConfigNodes.json(json);
    var _ = new GrpcStatsFactory().plan(config, new FakePlanContext("1.0.0"));
    return ConfigNodes.problems(config);
  }

  private static StreamFilter open(StreamFilterPlan plan, String path, String type) {
    RequestHead head = new RequestHead();
    head.method("POST");
    head.path(path);
    head.fields().add("content-type", type);
    StreamFilter filter = plan.open(new FakeStreamSession(head));
    var _ = filter.onRequestHead(head, false);
    return filter;
  }

  private static void end(StreamFilter filter, String status) {
    Fields trailers = new Fields();
    trailers.add("grpc-status", status);
    var _ = filter.onResponseTrailers(trailers);
    filter.ended();
  }

  private static ByteBuf messages(int... lengths) {
    ByteBuf all = Unpooled.buffer();
    for (int length : lengths) {
      all.writeByte(0).writeInt(length).writeZero(length);
    }
    return all;
  }

  @Test
  void countsAMethodOfTheList_andAllOthersTogether() {
    StreamFilterPlan plan =
        plan(
            "{'individual_method_stats_allowlist':"
                + " {'services': [{'name': 'p.S', 'method_names': ['A', 'B']}]}}");
    end(open(plan, "/p.S/A", "application/grpc"), "0");
    end(open(plan, "/p.S/A", "application/grpc+proto"), "14");
    open(plan, "/p.S/A", "Application/GRPC").ended();
    end(open(plan, "/p.S/C", "application/grpc"), "0");

    assertThat(context.count("grpc.p.S.A.total")).isEqualTo(3);
    assertThat(context.count("grpc.p.S.A.success")).isEqualTo(1);
    assertThat(context.count("grpc.p.S.A.failure")).isEqualTo(2);
    assertThat(context.count("grpc.p.S.A.0")).isEqualTo(1);
    assertThat(context.count("grpc.p.S.A.14")).isEqualTo(1);
    assertThat(context.count("grpc.p.S.B.total")).isZero();
    assertThat(context.count("grpc.total")).isEqualTo(1);
  }

  @Test
  void learnsMethodsWithinABound() {
    StreamFilterPlan plan = plan("{'stats_for_all_methods': true}");
    for (int i = 0; i < 600; i++) {
      end(open(plan, "/s/m" + i, "application/grpc"), "0");
    }
    end(open(plan, "/s/m1", "application/grpc"), "0");

    assertThat(context.count("grpc.s.m1.total")).isEqualTo(2);
    assertThat(context.count("grpc.s.m499.total")).isEqualTo(1);
    assertThat(context.count("grpc.s.m500.total")).isZero();
    assertThat(context.count("grpc.total")).isEqualTo(100);
  }

  @ParameterizedTest
  @CsvSource({"/", "/a", "/a/b/c", "a/b", "/a b/c", "//", "/a/b?c"})
  void aPathThatIsNoMethodIsOneOfTheOthers(String path) {
    end(open(plan("{'stats_for_all_methods': true}"), path, "application/grpc"), "0");

    assertThat(context.count("grpc.total")).isEqualTo(1);
  }

  @Test
  void saysDotsAsUnderscores() {
    StreamFilterPlan plan =
        plan("{'stats_for_all_methods': true, 'replace_dots_in_grpc_service_name': true}");
    end(open(plan, "/a.b.C/D", "application/grpc"), "0");

    assertThat(context.count("grpc.a_b_C.D.success")).isEqualTo(1);
  }

  @Test
  void takesTheStatusOfATrailersOnlyAnswer() {
    StreamFilter filter = open(plan("{}"), "/a/b", "application/grpc");
    ResponseHead head = new ResponseHead();
    head.status(200);
    head.fields().add("grpc-status", "12");
    var _ = filter.onResponseHead(head, true);
    filter.ended();

    assertThat(context.count("grpc.12")).isEqualTo(1);
    assertThat(context.count("grpc.failure")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/grpc-web", "application/grp", "''"})
  void countsNothingElse(String type) {
    end(open(plan("{}"), "/a/b", type), "0");

    assertThat(context.count("grpc.total")).isZero();
  }

  @ParameterizedTest
  @CsvSource({"17", "99", "123", "''", "x", "-1"})
  void anOddStatusIsAFailure(String status) {
    end(open(plan("{}"), "/a/b", "application/grpc"), status);

    assertThat(context.count("grpc.failure")).isEqualTo(1);
  }

  @Property(tries = 200)
  void countsMessages_howeverTheyAreCut(
      @ForAll @Size(max = 8) java.util.List<@IntRange(max = 30) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 12) int cut) {
    StreamFilter filter = open(plan("{}"), "/a/b", "application/grpc");
    long before = context.count("grpc.request_message_count");
    long answersBefore = context.count("grpc.response_message_count");
    ByteBuf all = messages(lengths.stream().mapToInt(it -> it).toArray());
    while (all.isReadable()) {
      ByteBuf piece = all.readSlice(Math.min(cut, all.readableBytes()));
      var _ = filter.onRequestData(piece, false);
      var _ = filter.onResponseData(piece, false);
    }

    assertThat(context.count("grpc.request_message_count") - before).isEqualTo(lengths.size());
    assertThat(context.count("grpc.response_message_count") - answersBefore)
        .isEqualTo(lengths.size());
  }

  @Test
  void refusesWhatItDoesNotKnow() throws IOException {
    assertThat(problems("{'stats_for_all_methods': true, 'individual_method_stats_allowlist': {}}"))
        .contains("found both");
    assertThat(problems("{'emit_filter_state': true}"))
        .contains("emit_filter_state: expected one of individual_method_stats_allowlist, ");
    assertThat(
            problems(
                "{'individual_method_stats_allowlist': {'services': [{'name': 'a b',"
                    + " 'method_names': ['x/y']}, {'name': 'c', 'method_names': []}]}}"))
        .contains("services[0].name: ")
        .contains("services[0].method_names[0]: ")
        .contains("services[1].method_names: ");
    try (var example = GrpcStatsTest.class.getResourceAsStream("/example.yaml")) {
      ConfigNode config =
          ConfigNodes.yaml(
              new String(Objects.requireNonNull(example).readAllBytes(), StandardCharsets.UTF_8));
      var _ = new GrpcStatsFactory().plan(config, context);
      assertThat(ConfigNodes.problems(config)).isEmpty();
    }
  }
}
