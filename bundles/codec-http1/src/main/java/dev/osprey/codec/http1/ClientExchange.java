package dev.osprey.codec.http1;

import dev.osprey.http.common.Bytes;
import dev.osprey.http.common.Methods;
import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.message.RequestHead;
import java.nio.charset.StandardCharsets;

/** What the response side must know of the request that was sent. */
final class ClientExchange {
  private static final byte[][] WITH_BODY = {Bytes.of("POST"), Bytes.of("PUT"), Bytes.of("PATCH")};

  /** The method is HEAD. */
  boolean headOnly;

  /** Doing it twice is as doing it once. */
  boolean idempotent;

  /** Bytes of the body have been sent. */
  boolean bodyBegun;

  /** The protocols that were asked for; empty for none. */
  String upgrade = "";

  /** Interim heads received so far. */
  int interims;

  /** Remembers what a request will need. */
  void begin(RequestHead head) {
    headOnly = Methods.isHead(head);
    idempotent = Methods.isIdempotent(head);
    bodyBegun = false;
    String wanted = head.upgrade();
    upgrade = wanted == null ? "" : wanted;
    interims = 0;
  }

  /** True for a method whose request announces its length even when there is no body. */
  static boolean saysLength(RequestHead head) {
    return Methods.isAmong(head, WITH_BODY);
  }

  /** True when {@code protocol} is one of those asked for. */
  boolean askedFor(String protocol) {
    for (String item : upgrade.split(",", -1)) {
      if (!item.isBlank() && item.strip().equalsIgnoreCase(protocol.strip())) {
        return true;
      }
    }
    return false;
  }

  /** Writes the state into a record. */
  void save(StateWriter record) {
    record.flag(headOnly).flag(idempotent).flag(bodyBegun);
    record.string(Bytes.of(upgrade)).number(interims);
  }

  /** Goes on from a record. */
  void restore(StateReader record) {
    headOnly = record.flag();
    idempotent = record.flag();
    bodyBegun = record.flag();
    upgrade = new String(record.string(), StandardCharsets.ISO_8859_1);
    interims = record.integer();
  }
}
