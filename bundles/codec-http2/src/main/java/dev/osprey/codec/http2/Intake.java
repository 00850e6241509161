package dev.osprey.codec.http2;

import dev.osprey.spi.Owned;
import dev.osprey.spi.codec.CodecHost;
import io.netty.buffer.ByteBuf;

/**
 * Hands body bytes to the host as they come. While the host does not take what it has, small pieces
 * are copied out of the buffers they came in, and beyond a bound they are gathered: so a peer that
 * cuts its body into single bytes can't make the host keep an object for each.
 */
final class Intake {
  private final CodecHost host;
  private final Times times;
  private final int mostWaiting;

  Intake(CodecHost host, Times times, int mostWaiting) {
    this.host = host;
    this.times = times;
    this.mostWaiting = mostWaiting;
  }

  /** Takes what has come; {@code last} when nothing follows. */
  void take(Stream stream, @Owned ByteBuf part, boolean last) {
    boolean small = part.readableBytes() < BodyQueue.SMALL;
    if (stream.gathered.isEmpty() && (!small || last || stream.waitingPieces < mostWaiting)) {
      report(stream, part, last);
      return;
    }
    stream.gathered.add(part, host.alloc());
    if (last || stream.gathered.bytes() >= BodyQueue.SMALL) {
      flush(stream, last);
    } else {
      // A filter may wait for just these bytes and take none before.
      times.gathers();
    }
  }

  /** The host has taken so many bytes of it. */
  void taken(Stream stream, int bytes) {
    stream.untaken = Math.max(0, stream.untaken - bytes);
    if (stream.untaken == 0) {
      stream.waitingPieces = 0;
    }
    if (!stream.reporting && !stream.gathered.isEmpty()) {
      flush(stream, false);
    }
  }

  /** Hands over what is gathered; {@code last} when nothing follows. */
  void flush(Stream stream, boolean last) {
    int id = stream.id;
    while (stream.id == id && !stream.gathered.isEmpty()) {
      ByteBuf next = stream.gathered.remove(Integer.MAX_VALUE);
      report(stream, next, last && stream.gathered.isEmpty());
    }
  }

  private void report(Stream stream, @Owned ByteBuf part, boolean last) {
    ByteBuf piece = stream.untaken > 0 ? BodyQueue.compact(part, host.alloc()) : part;
    stream.untaken += piece.readableBytes();
    stream.waitingPieces++;
    boolean outer = stream.reporting;
    stream.reporting = true;
    host.onData(stream.id, piece, last);
    stream.reporting = outer;
  }
}
