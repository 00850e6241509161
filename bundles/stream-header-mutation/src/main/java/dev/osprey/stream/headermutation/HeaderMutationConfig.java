package dev.osprey.stream.headermutation;

import dev.osprey.spi.config.ConfigNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is changed where; each list in its order. */
record HeaderMutationConfig(
    List<Mutation> request,
    List<Mutation> requestTrailers,
    List<Mutation> response,
    List<Mutation> responseTrailers) {

  static HeaderMutationConfig from(ConfigNode node) {
    node.allowOnly("mutations");
    ConfigNode mutations =
        node.required("mutations")
            .allowOnly(
                "request_mutations",
                "request_trailer_mutations",
                "response_mutations",
                "response_trailer_mutations");
    MutationReader request = new MutationReader(false);
    MutationReader response = new MutationReader(true);
    return new HeaderMutationConfig(
        mutations(mutations, "request_mutations", request),
        mutations(mutations, "request_trailer_mutations", request),
        mutations(mutations, "response_mutations", response),
        mutations(mutations, "response_trailer_mutations", response));
  }

  private static List<Mutation> mutations(ConfigNode node, String key, MutationReader reader) {
    return node.objects(key, reader::read).stream().flatMap(Optional::stream).toList();
  }

  /** True when no value depends on the stream, so that one filter can serve all streams. */
  boolean isConstant() {
    return Stream.of(request, requestTrailers, response, responseTrailers)
        .flatMap(List::stream)
        .allMatch(Mutation::isConstant);
  }
}
