package dev.osprey.host.rehearsal;

import dev.osprey.spi.codec.ClientCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.message.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** The upstream's connection of a rig. */
final class ClientSide implements EndHost, ClientCodecHost {
  private final Rig rig;

  ClientSide(Rig rig) {
    this.rig = rig;
  }

  @Override
  public End end() {
    return rig.clientEnd;
  }

  @Override
  public void onResponse(int stream, ResponseHead head, boolean end) {
    end().reports++;
    if (rig.script != null) {
      rig.script.event("response " + end + " " + head);
    }
    Pipe pipe = rig.byClient.get(stream);
    if (pipe == null || rig.serverEnd.closed) {
      return;
    }
    pipe.responding |= !head.isInterim();
    pipe.responseEnded |= end;
    rig.server().respond(pipe.server, head, end);
    rig.endIfDone(pipe);
  }

  @Override
  public void onData(int stream, ByteBuf data, boolean end) {
    end().reports++;
    if (rig.script != null) {
      rig.script.responseData(data, end);
    }
    push(stream, Pipe.Part.of(data, end));
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    end().reports++;
    if (rig.script != null) {
      rig.script.trailers("response", trailers);
    }
    push(stream, Pipe.Part.of(trailers));
  }

  @Override
  public void onReset(int stream, Reset reset) {
    end().reports++;
    if (rig.script != null) {
      rig.script.event("upstream reset " + reset.reason());
    }
    Pipe pipe = rig.byClient.get(stream);
    if (pipe != null) {
      rig.upstreamFailed(pipe, reset);
    }
  }

  @Override
  public void onWritable() {
    end().reports++;
    rig.flushAll();
  }

  @Override
  public void close(Reset why) {
    end().reports++;
    end().closed = true;
    List.copyOf(rig.byClient.values()).forEach(pipe -> rig.upstreamFailed(pipe, why));
  }

  private void push(int stream, Pipe.Part part) {
    Pipe pipe = rig.byClient.get(stream);
    if (pipe == null) {
      part.release();
      return;
    }
    pipe.responseEnded |= part.end();
    rig.toClient(pipe, part);
  }
}
