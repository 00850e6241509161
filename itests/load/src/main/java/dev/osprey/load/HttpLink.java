package dev.osprey.load;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Ties one connection to a reader of answers; whatever ends it before its check is done is a
 * problem.
 */
final class HttpLink implements WireHandler {
  private final Check check;
  private final HttpReader reader;
  private final Consumer<Wire> begin;

  HttpLink(Check check, HttpReader.Events events, Consumer<Wire> begin) {
    this.check = check;
    this.begin = begin;
    reader = new HttpReader(HttpReader.Side.RESPONSES, events);
  }

  @Override
  public void connected(Wire wire) {
    begin.accept(wire);
  }

  @Override
  public void read(Wire wire, byte[] bytes, int from, int length) {
    reader.feed(bytes, from, length);
    if (check.isDone()) {
      wire.close();
    }
  }

  @Override
  public void ended(Wire wire) {
    wire.close();
    if (!check.isDone()) {
      check.finish("FIN after " + check.bytes() + " bytes and " + check.exchanges() + " exchanges");
    }
  }

  @Override
  public void failed(Wire wire, IOException cause) {
    if (!check.isDone()) {
      check.finish(
          cause + " after " + check.bytes() + " bytes and " + check.exchanges() + " exchanges");
    }
  }
}
