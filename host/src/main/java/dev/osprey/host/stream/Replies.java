package dev.osprey.host.stream;

import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.Reset;

/** What the proxy answers when an upstream has ended a stream before its answer began. */
final class Replies {
  private Replies() {}

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
      case CANCELLED, TRUNCATED, CONNECTION_LOST, REFUSED, DRAINING ->
          LocalReply.Kind.UPSTREAM_RESET;
    };
  }
}
