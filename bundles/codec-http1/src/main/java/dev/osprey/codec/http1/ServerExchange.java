package dev.osprey.codec.http1;

import dev.osprey.http.common.Chars;
import dev.osprey.http.common.Methods;
import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Head;
import dev.osprey.spi.message.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * What the response side must know of the request it answers; decided once, when the request's head
 * has been scanned (RFC 9112 sections 3.2, 6 and 9).
 */
final class ServerExchange {
  private static final byte[] NO_LINE = {};

  /** The client speaks HTTP/1.0. */
  boolean http10;

  /** The method is HEAD. */
  boolean headOnly;

  /** The connection may serve another request after this one. */
  boolean persistent;

  /** The client has said that it sends nothing after this request (RFC 9112, 9.6). */
  boolean last;

  /** The client asks to switch protocols. */
  boolean upgrade;

  /** The client waits for a 100 before it sends its body, and has got none. */
  boolean awaitsContinue;

  /** The line that repeats the request's id; empty for none. */
  byte[] requestIdLine = NO_LINE;

  /** Checks a scanned head, completes it, and begins its body; returns the broken rule. */
  @Nullable Fault begin(
      RequestHead head, HeadScanner scanner, Http1Config config, BodyReader body) {
    HeadFacts facts = scanner.facts;
    requestIdLine = NO_LINE;
    http10 = scanner.minorVersion() == 0;
    headOnly = Methods.isHead(head);
    persistent = !facts.close && (!http10 || facts.keepAlive);
    last = !persistent;
    Fault fault =
        http10 && !config.acceptHttp10() ? Fault.VERSION_REFUSED : host(head, facts, config);
    if (fault == null) {
      fault = body(head, facts, config, body);
    }
    awaitsContinue = facts.expectsContinue && !http10 && !body.isDone();
    if (http10 && facts.saw(Tags.EXPECT)) {
      removeExpect(head.fields());
    }
    upgrade = !http10 && facts.asksForUpgrade() && setUpgrade(head, facts);
    return fault;
  }

  /** For an answer to a request that could not be read. */
  void beginRefused() {
    http10 = headOnly = upgrade = awaitsContinue = false;
    persistent = last = false;
    requestIdLine = NO_LINE;
  }

  private @Nullable Fault host(RequestHead head, HeadFacts facts, Http1Config config) {
    byte[] a = head.fields().bytes();
    if (facts.hosts > 1) {
      return Fault.MANY_HOSTS;
    }
    if (facts.hosts == 0 && !http10) {
      return Fault.NO_HOST;
    }
    if (!Chars.areAuthority(a, facts.hostStart, facts.hostEnd)) {
      return Fault.HOST;
    }
    if (head.authorityStart() < head.authorityEnd()) {
      return null; // absolute form: its authority takes the place of Host
    }
    if (facts.hosts == 0) {
      head.authority(config.defaultHost());
    } else {
      head.authority(facts.hostStart, facts.hostEnd);
    }
    return null;
  }

  private @Nullable Fault body(
      RequestHead head, HeadFacts facts, Http1Config config, BodyReader body) {
    body.beginNone();
    head.bodyLength(Math.max(0, facts.contentLength));
    if (!facts.chunked) {
      body.beginLength(head.bodyLength());
      return null;
    }
    if (http10) {
      return Fault.CODING_IN_10;
    }
    if (facts.contentLength >= 0) {
      if (!config.allowChunkedLength()) {
        return Fault.BOTH_LENGTHS;
      }
      persistent = false;
    }
    head.bodyLength(Head.UNKNOWN_LENGTH);
    body.beginChunked();
    return null;
  }

  /** Sets the protocols to switch to, h2c left out; false when none is left. */
  private static boolean setUpgrade(RequestHead head, HeadFacts facts) {
    StringBuilder wanted = new StringBuilder();
    for (String item : head.fields().text(facts.upgradeStart, facts.upgradeEnd).split(",", -1)) {
      String protocol = item.strip();
      if (!protocol.isEmpty() && !protocol.equalsIgnoreCase("h2c")) {
        wanted.append(wanted.isEmpty() ? "" : ", ").append(protocol);
      }
    }
    head.upgrade(wanted.isEmpty() ? null : wanted.toString());
    return !wanted.isEmpty();
  }

  private static void removeExpect(Fields fields) {
    for (int i = fields.size() - 1; i >= 0; i--) {
      if (fields.tag(i) == Tags.EXPECT) {
        fields.removeAt(i);
      }
    }
  }

  /** Writes the state into a record; all but {@link #last}, which only saves a wait. */
  void save(StateWriter record) {
    record.flag(http10).flag(headOnly).flag(persistent).flag(upgrade).flag(awaitsContinue);
    record.string(requestIdLine);
  }

  /** Goes on from a record. */
  void restore(StateReader record) {
    http10 = record.flag();
    headOnly = record.flag();
    persistent = record.flag();
    last = false;
    upgrade = record.flag();
    awaitsContinue = record.flag();
    requestIdLine = record.string();
  }
}
