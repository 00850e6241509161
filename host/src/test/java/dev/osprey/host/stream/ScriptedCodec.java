package dev.osprey.host.stream;

import dev.osprey.spi.StateRecord;
import dev.osprey.spi.codec.ClientCodec;
import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.codec.CodecHost;
import dev.osprey.spi.codec.Progress;
import dev.osprey.spi.codec.ServerCodec;
import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A codec in both roles that reads nothing: the test reports in its place. Notes what it is told.
 */
final class ScriptedCodec implements ServerCodec, ClientCodec {
  private final CodecHost host;
  final List<String> told = new ArrayList<>();
  final Set<Integer> full = new HashSet<>();
  int vacancies = 100;
  int credit;
  int asked;

  /** As a client's codec it says at the end of input that its first stream may be tried again. */
  boolean retries;

  private int next;

  ScriptedCodec(CodecHost host) {
    this.host = host;
  }

  /** Where the test reports for a client. */
  ServerCodecHost client() {
    return (ServerCodecHost) host;
  }

  /** Where the test reports for an upstream. */
  ClientCodecHost upstream() {
    return (ClientCodecHost) host;
  }

  /** Reports a request. */
  void ask(int stream, boolean end) {
    RequestHead head = new RequestHead();
    head.method("GET");
    head.path("/");
    client().onRequest(stream, head, end);
  }

  /** Reports an answer. */
  void answer(int stream, boolean end) {
    ResponseHead head = new ResponseHead();
    head.status(200);
    upstream().onResponse(stream, head, end);
  }

  @Override
  public Progress decode(ByteBuf in) {
    return Progress.NEED_INPUT;
  }

  @Override
  public void endOfInput(ByteBuf in) {
    told.add("end");
    if (retries) {
      upstream().onReset(1, Reset.byUpstream(Reset.Reason.CONNECTION_LOST, "a test").asRetryable());
    }
  }

  @Override
  public void respond(int stream, ResponseHead head, boolean end) {
    told.add(stream + " " + head.status() + (end ? "." : ""));
    host.out().writeByte('h');
  }

  @Override
  public int request(RequestHead head, boolean end) {
    vacancies--;
    next++;
    told.add(next + " " + head.method() + (end ? "." : ""));
    host.out().writeByte('r');
    return next;
  }

  @Override
  public void data(int stream, ByteBuf data, boolean end) {
    told.add(stream + " " + data.toString(StandardCharsets.US_ASCII) + (end ? "." : ""));
    host.write(data);
  }

  @Override
  public void trailers(int stream, Fields trailers) {
    told.add(stream + " trailers");
  }

  @Override
  public void reset(int stream, Reset reset) {
    told.add(stream + " reset");
  }

  @Override
  public void credit(int stream, int bytes) {
    credit += bytes;
  }

  @Override
  public void goodbye() {
    told.add("goodbye");
  }

  @Override
  public boolean isWritable(int stream) {
    asked++;
    return !full.contains(stream);
  }

  @Override
  public int vacancies() {
    return vacancies;
  }

  @Override
  public boolean isAtRest() {
    return false;
  }

  @Override
  public StateRecord detach() {
    throw new UnsupportedOperationException("no swap in these tests");
  }

  @Override
  public void closed() {}
}
