package dev.osprey.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A plain TCP relay: what a proxy does at its least, with a few ways to misbehave. */
final class Relay {
  private final Loop loop;
  private final InetSocketAddress target;
  private final Listening listening;
  private final List<Wire> clients = new ArrayList<>();
  private UnaryOperator<byte[]> answers = UnaryOperator.identity();
  private boolean swallowing;

  private Relay(Loop loop, InetSocketAddress target) {
    this.loop = loop;
    this.target = target;
    listening = loop.listen(0, () -> new Side(null));
  }

  static Relay start(Loop loop, InetSocketAddress target) {
    return new Relay(loop, target);
  }

  InetSocketAddress address() {
    return listening.address();
  }

  /** Changes the answers' bytes from now on. */
  Relay changeAnswers(UnaryOperator<byte[]> change) {
    loop.call(() -> answers = change);
    return this;
  }

  /** Drops all answers from now on. */
  void swallow() {
    loop.call(() -> swallowing = true);
  }

  /** Ends one client connection by FIN. */
  void endOne() {
    loop.execute(() -> clients.getFirst().close());
  }

  /** Breaks one client connection by RST. */
  void resetOne() {
    loop.execute(() -> clients.getFirst().reset());
  }

  private final class Side implements WireHandler {
    private Wire own;
    private Wire other;
    private final boolean toClient;
    private final List<byte[]> early = new ArrayList<>();
    private boolean earlyEnd;

    Side(Wire client) {
      toClient = client != null;
      other = client;
    }

    @Override
    public void connected(Wire wire) {
      own = wire;
      if (toClient) {
        return;
      }
      clients.add(wire);
      Side upstream = new Side(wire);
      loop.connect(
          target,
          new WireHandler() {
            @Override
            public void connected(Wire opened) {
              upstream.own = opened;
              other = opened;
              early.forEach(opened::write);
              if (earlyEnd) {
                opened.shutdownOutput();
              }
            }

            @Override
            public void read(Wire from, byte[] bytes, int start, int length) {
              upstream.read(from, bytes, start, length);
            }

            @Override
            public void ended(Wire from) {
              upstream.ended(from);
            }

            @Override
            public void drained(Wire from) {
              upstream.drained(from);
            }

            @Override
            public void failed(Wire from, IOException cause) {
              upstream.failed(from, cause);
            }
          });
    }

    @Override
    public void read(Wire wire, byte[] bytes, int from, int length) {
      byte[] copy = java.util.Arrays.copyOfRange(bytes, from, from + length);
      if (toClient && swallowing) {
        return;
      }
      byte[] passed = toClient ? answers.apply(copy) : copy;
      if (other == null) {
        early.add(passed);
        return;
      }
      other.write(passed);
      if (other.pending() > 1 << 18) {
        wire.pauseReads();
      }
    }

    @Override
    public void drained(Wire wire) {
      if (other != null && other.isOpen()) {
        other.resumeReads();
      }
    }

    @Override
    public void ended(Wire wire) {
      if (other == null) {
        earlyEnd = true;
        return;
      }
      boolean bothEnded = wire.isOutputEnded();
      other.shutdownOutput();
      if (bothEnded) {
        wire.close();
        other.close();
      }
    }

    @Override
    public void failed(Wire wire, IOException cause) {
      if (other != null) {
        other.reset();
      }
    }
  }
}
