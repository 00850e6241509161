package dev.osprey.host.stream;

import dev.osprey.host.plan.ClusterPlan;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.Reset;

/** What the proxy answers in an upstream's place, and how much of it the client is told. */
final class Replies {
  /** Why an upstream is left whose answer has ended. */
  static final Reset ANSWERED =
      Reset.byHost(Reset.Reason.CANCELLED, "the answer ended before the request");

  private Replies() {}

  static LocalReply noUpstream(String cluster) {
    return LocalReply.of(LocalReply.Kind.NO_UPSTREAM, "no endpoint in cluster " + cluster);
  }

  static LocalReply noUpstream(ClusterPlan cluster) {
    return cluster.endpoints().isEmpty()
        ? noUpstream(cluster.name())
        : LocalReply.of(
            LocalReply.Kind.NO_UPSTREAM, "no healthy endpoint in cluster " + cluster.name());
  }

  /**
   * The reply without what is nobody's business outside: addresses, errors of the system and the
   * names of what runs here stay in the access log.
   */
  static LocalReply forClient(LocalReply reply) {
    String told =
        switch (reply.kind()) {
          case NO_UPSTREAM -> "no healthy upstream";
          case CONNECT_FAILURE -> "the upstream can't be reached";
          case UPSTREAM_RESET, UPSTREAM_CANCELLED -> "the upstream ended before its answer";
          case UPSTREAM_PROTOCOL_ERROR -> "the upstream's answer can't be understood";
          case EXTENSION_FAILURE -> "an extension failed";
          case UNAVAILABLE -> "not available";
          case DIRECT, BAD_REQUEST, NO_ROUTE, UPSTREAM_TIMEOUT, REQUEST_TIMEOUT, OVERFLOW ->
              reply.body();
        };
    return reply.body().equals(told)
        ? reply
        : new LocalReply(reply.kind(), reply.status(), told, reply.fields(), told);
  }

  static LocalReply to(Reset why) {
    return why.source() == Reset.Source.DOWNSTREAM
        ? LocalReply.badRequest(400, why.detail())
        : LocalReply.of(kindOf(why), why.detail());
  }

  private static LocalReply.Kind kindOf(Reset why) {
    return switch (why.reason()) {
      case PROTOCOL_ERROR -> LocalReply.Kind.UPSTREAM_PROTOCOL_ERROR;
      case TIMEOUT -> LocalReply.Kind.UPSTREAM_TIMEOUT;
      case CONNECT_FAILURE -> LocalReply.Kind.CONNECT_FAILURE;
      case OVERFLOW -> LocalReply.Kind.OVERFLOW;
      case EXTENSION_FAILURE -> LocalReply.Kind.EXTENSION_FAILURE;
      case CANCELLED ->
          why.source() == Reset.Source.UPSTREAM
              ? LocalReply.Kind.UPSTREAM_CANCELLED
              : LocalReply.Kind.UPSTREAM_RESET;
      case TRUNCATED, CONNECTION_LOST, REFUSED, DRAINING -> LocalReply.Kind.UPSTREAM_RESET;
    };
  }
}
