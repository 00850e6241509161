package dev.osprey.host.shard;

import dev.osprey.host.loop.AddressText;
import dev.osprey.host.loop.Loop;
import dev.osprey.host.loop.WireOwner;
import dev.osprey.host.stream.Connector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Connects with a virtual thread for each connection, which becomes its reader. */
public final class BlockingConnector implements Connector {
  private final Shard shard;
  // The strand's.
  private long number;

  /** For the connections of one shard. */
  public BlockingConnector(Shard shard) {
    this.shard = shard;
  }

  @Override
  public void connect(
      Loop loop,
      InetSocketAddress endpoint,
      Duration timeout,
      int bufferLimit,
      WireOwner owner,
      Outcome outcome) {
    String name =
        "osprey-conn-"
            + endpoint.getHostString()
            + ":"
            + endpoint.getPort()
            + "-"
            + loop.index()
            + "."
            + ++number;
    Attempt attempt = new Attempt(endpoint, Connector.millis(timeout), bufferLimit, owner, outcome);
    shard.spares().run(name, () -> run(attempt, name));
  }

  private record Attempt(
      InetSocketAddress endpoint,
      int timeoutMillis,
      int bufferLimit,
      WireOwner owner,
      Outcome outcome) {}

  private void run(Attempt attempt, String name) {
    Reader reader;
    try {
      Opened opened = open(attempt);
      reader = begin(attempt, opened.channel(), opened.ends(), name);
    } catch (IOException failure) {
      String text = AddressText.of(attempt.endpoint()) + ": " + failure.getMessage();
      shard.execute(() -> attempt.outcome().failed(text));
      return;
    }
    reader.run();
  }

  private record Opened(SocketChannel channel, SocketEnds ends) {}

  private static Opened open(Attempt attempt) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(attempt.endpoint(), attempt.timeoutMillis());
      return new Opened(channel, SocketEnds.of(channel));
    } catch (IOException failure) {
      channel.close();
      throw failure;
    }
  }

  private Reader begin(Attempt attempt, SocketChannel channel, SocketEnds ends, String name) {
    shard.enter();
    BlockingConduit conduit =
        new BlockingConduit(shard, channel, ends, name, attempt.bufferLimit(), attempt.owner());
    Reader reader = new Reader(conduit);
    reader.tell(() -> attempt.outcome().connected(conduit.wire()));
    return reader;
  }
}
