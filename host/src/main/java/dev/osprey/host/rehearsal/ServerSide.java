package dev.osprey.host.rehearsal;

import dev.osprey.spi.codec.ServerCodecHost;
import dev.osprey.spi.message.Fields;
import dev.osprey.spi.message.LocalReply;
import dev.osprey.spi.message.RequestHead;
import dev.osprey.spi.message.Reset;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client's connection of a rig. */
final class ServerSide implements EndHost, ServerCodecHost {
  private final Rig rig;

  ServerSide(Rig rig) {
    this.rig = rig;
  }

  @Override
  public End end() {
    return rig.serverEnd;
  }

  @Override
  public void onRequest(int stream, RequestHead head, boolean end) {
    end().reports++;
    rig.messages++;
    if (rig.script != null) {
      rig.script.event("request " + stream + " " + end + " " + head);
    }
    Pipe pipe = new Pipe(stream, head, end);
    rig.byServer.put(stream, pipe);
    LocalReply.Kind kind = rig.always;
    if (kind == null) {
      rig.open(pipe);
    } else {
      rig.answer(pipe, LocalReply.of(kind, "rehearsal"));
    }
  }

  @Override
  public void onData(int stream, ByteBuf data, boolean end) {
    end().reports++;
    if (rig.script != null) {
      rig.script.requestData(data, end);
    }
    push(stream, Pipe.Part.of(data, end));
  }

  @Override
  public void onTrailers(int stream, Fields trailers) {
    end().reports++;
    if (rig.script != null) {
      rig.script.trailers("request", trailers);
    }
    push(stream, Pipe.Part.of(trailers));
  }

  @Override
  public void onReset(int stream, Reset reset) {
    end().reports++;
    if (rig.script != null) {
      rig.script.event("client reset " + stream + " " + reset.reason());
    }
    Pipe pipe = rig.byServer.get(stream);
    if (pipe != null) {
      rig.downstreamFailed(pipe, reset);
    }
  }

  @Override
  public void onBadRequest(int stream, @Nullable RequestHead head, LocalReply reply) {
    end().reports++;
    rig.messages++;
    if (rig.script != null) {
      rig.script.event("bad request " + stream + " " + reply.status());
    }
    Pipe known = rig.byServer.get(stream);
    if (known != null && known.responding) {
      rig.downstreamFailed(known, Reset.byDownstream(Reset.Reason.PROTOCOL_ERROR, reply.detail()));
      rig.server().reset(stream, Reset.byHost(Reset.Reason.PROTOCOL_ERROR, reply.detail()));
      return;
    }
    Pipe pipe = known == null ? new Pipe(stream, head, true) : known;
    pipe.requestEnded = true;
    rig.byServer.put(stream, pipe);
    rig.answer(pipe, reply);
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
    List.copyOf(rig.byServer.values()).forEach(pipe -> rig.downstreamFailed(pipe, why));
  }

  private void push(int stream, Pipe.Part part) {
    Pipe pipe = rig.byServer.get(stream);
    if (pipe == null || pipe.responseEnded) {
      part.release();
      if (pipe != null && part.end()) {
        pipe.requestEnded = true;
        rig.endIfDone(pipe);
      }
      return;
    }
    pipe.requestEnded |= part.end();
    rig.toUpstream(pipe, part);
  }
}
