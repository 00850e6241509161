package dev.osprey.network.tcpproxy;

import dev.osprey.spi.ClusterRef;
import dev.osprey.spi.message.Reset;
import dev.osprey.spi.network.ByteSession;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A session that remembers what it was told, and keeps the buffers it was given. */
final class FakeSession implements ByteSession {
  final List<String> calls = new ArrayList<>();
  final List<ByteBuf> buffers = new ArrayList<>();

  /** What was told since the last call of this method. */
  List<String> take() {
    List<String> taken = List.copyOf(calls);
    calls.clear();
    return taken;
  }

  @Override
  public void connect(ClusterRef cluster) {
    calls.add("connect " + cluster.name());
  }

  @Override
  public void toUpstream(ByteBuf data) {
    calls.add("up " + data.readableBytes());
    buffers.add(data);
  }

  @Override
  public void toDownstream(ByteBuf data) {
    calls.add("down " + data.readableBytes());
    buffers.add(data);
  }

  @Override
  public void endUpstream() {
    calls.add("end up");
  }

  @Override
  public void endDownstream() {
    calls.add("end down");
  }

  @Override
  public void close(Reset why) {
    calls.add("close " + why.source() + " " + why.reason());
  }

  @Override
  public void idleTimeout(Duration timeout) {
    calls.add("idle " + timeout);
  }

  @Override
  public SocketAddress peer() {
    return InetSocketAddress.createUnresolved("peer", 1);
  }
}
