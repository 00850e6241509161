package dev.osprey.codec.http2;

import dev.osprey.http.common.StateReader;
import dev.osprey.http.common.StateWriter;
import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.ResponseHead;
import org.jspecify.annotations.Nullable;

/** What one end knows of one open stream (RFC 9113 section 5.1). Used again for later streams. */
final class Stream {
  /** The body's length is not announced. */
  static final long UNKNOWN = -1;

  /** The largest head that is kept for the next stream. */
  private static final int KEPT_BYTES = 2048;

  private static final int KEPT_FIELDS = 32;

  /** Its number; 0 while it is in no table. */
  int id;

  /** The peer has not ended its direction. */
  boolean receives;

  /** We have not ended ours. */
  boolean sends;

  /** The peer's head, the final one of a response, was reported. */
  boolean headSeen;

  /** Our head, the final one of a response, was written. */
  boolean headSent;

  /** Its request was refused: what still comes of it is dropped. */
  boolean refused;

  /** Its request was malformed: after the answer it is reset. */
  boolean malformed;

  /** Sending its request again can do no harm: nothing but an idempotent head was sent. */
  boolean repeatable;

  /** The request's method is HEAD. */
  boolean headOnly;

  /** It is the tunnel of an extended CONNECT (RFC 8441), or asks to be. */
  boolean tunnel;

  /** It asked to be a tunnel and got another answer: what still comes of it is dropped. */
  boolean declined;

  /**
   * What its answer repeats: the request's id to a client, the proof of the handshake (RFC 6455
   * section 4.2.2) when a WebSocket's answer comes from an upstream; null for none.
   */
  byte @Nullable [] repeated;

  /** Its request is one of gRPC, as was seen before its head was let go. */
  private boolean wasGrpc;

  /** Bytes of its request's head that are held for it, here and in the host. */
  int headBytes;

  /** Interim responses received. */
  int interims;

  /** Body bytes still to come; {@link #UNKNOWN} when that was not announced. */
  long expected;

  /** Body bytes the peer still lets us send; below 0 after it made its windows smaller. */
  long sendWindow;

  /** Body bytes we still let the peer send. */
  int receiveWindow;

  /** Body bytes that were taken and not told to the peer yet. */
  int owed;

  /** Body bytes that wait for a window. */
  final BodyQueue queue = new BodyQueue();

  /** Body bytes received that are not handed to the host yet, to be so together. */
  final BodyQueue gathered = new BodyQueue();

  /** Body bytes that the host has and did not take yet, and in how many pieces it got them. */
  int untaken;

  int waitingPieces;

  /** The host is being handed body bytes of it. */
  boolean reporting;

  /** It stands in the list of those that wait. */
  boolean waits;

  /** How much of it waited when that was looked at last; below 0 for not yet. */
  int waited;

  /** Nothing follows what waits. */
  boolean endQueued;

  /** What follows what waits. */
  @Nullable Fields trailersQueued;

  private @Nullable RequestHead request;
  private @Nullable ResponseHead response;

  /** Begins a new life. */
  void begin(int number, long peersWindow, int ownWindow) {
    id = number;
    receives = sends = true;
    headSeen =
        headSent =
            refused =
                malformed = repeatable = headOnly = tunnel = declined = waits = endQueued = false;
    interims = owed = untaken = waitingPieces = headBytes = 0;
    waited = -1;
    expected = UNKNOWN;
    sendWindow = peersWindow;
    receiveWindow = ownWindow;
    trailersQueued = null;
    repeated = null;
    wasGrpc = false;
  }

  /** The head for its request; the caller clears it. */
  RequestHead request() {
    RequestHead head = request;
    if (head == null) {
      request = head = new RequestHead(new Fields(512, 16));
    }
    return head;
  }

  /** The head for its response; the caller clears it. */
  ResponseHead response() {
    ResponseHead head = response;
    if (head == null) {
      response = head = new ResponseHead(new Fields(512, 16));
    }
    return head;
  }

  /** True when more of our message waits for a window. */
  boolean isHeld() {
    return !queue.isEmpty();
  }

  /** True when its request, a client's, is one of gRPC. */
  boolean isGrpc() {
    return wasGrpc || GrpcAnswers.fit(request);
  }

  /** Keeps of the request what its answer's end still needs; no more is read or answered. */
  void letHeadGo() {
    wasGrpc = isGrpc();
    request = null;
    repeated = null;
    headBytes = 0;
  }

  /** Drops what waits for a window, and what was to follow. */
  void dropQueued() {
    queue.clear();
    endQueued = false;
    trailersQueued = null;
  }

  /** True when all that is to be sent was given, and some of it waits for a window. */
  boolean isHeldToTheEnd() {
    return isHeld() && (endQueued || trailersQueued != null);
  }

  /**
   * True when the host has received and given all there is. The answer to a refused request may be
   * in the hands of a filter: until it is given, the host refers to the stream.
   */
  boolean isOverForHost() {
    return (refused || declined || !receives) && isHeldToTheEnd();
  }

  /** Lets go of heads that are larger than usual. */
  void shrink() {
    RequestHead asked = request;
    if (asked != null && isLarge(asked.fields())) {
      request = null;
    }
    ResponseHead answered = response;
    if (answered != null && isLarge(answered.fields())) {
      response = null;
    }
  }

  private static boolean isLarge(Fields fields) {
    return fields.bytes().length > KEPT_BYTES || fields.size() > KEPT_FIELDS;
  }

  /** Drops what waits; it is in no table any more. */
  void release() {
    id = 0;
    receives = sends = reporting = false;
    gathered.clear();
    dropQueued();
  }

  /** Writes the state into a record. */
  void save(StateWriter record, CodecHost host) {
    record.number(id).flag(receives).flag(sends).flag(headSeen).flag(headSent);
    record
        .flag(refused)
        .flag(malformed)
        .flag(repeatable)
        .flag(headOnly)
        .flag(tunnel)
        .flag(declined)
        .flag(endQueued);
    record.number(interims).signed(expected).signed(sendWindow).signed(receiveWindow).number(owed);
    queue.save(record, host);
    record.number(untaken).number(waitingPieces);
    gathered.save(record, host);
    FieldsRecord.save(record, trailersQueued);
    record.string(repeated == null ? new byte[0] : repeated);
    record.flag(isGrpc()).number(headBytes);
  }

  /** Goes on from a record. */
  void restore(StateReader record, CodecHost host) {
    id = record.integer();
    receives = record.flag();
    sends = record.flag();
    headSeen = record.flag();
    headSent = record.flag();
    refused = record.flag();
    malformed = record.flag();
    repeatable = record.flag();
    headOnly = record.flag();
    tunnel = record.flag();
    declined = record.flag();
    endQueued = record.flag();
    interims = record.integer();
    expected = record.signed();
    sendWindow = record.signed();
    receiveWindow = (int) record.signed();
    owed = record.integer();
    queue.restore(record, host);
    untaken = record.integer();
    waitingPieces = record.integer();
    gathered.restore(record, host);
    trailersQueued = FieldsRecord.restore(record);
    byte[] said = record.string();
    repeated = said.length == 0 ? null : said;
    wasGrpc = record.flag();
    headBytes = record.integer();
  }
}
