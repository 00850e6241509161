package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.osprey.host.plan.IoModel;
import dev.osprey.host.plan.ListenerPlan;
import dev.osprey.host.shard.Shards;
import dev.osprey.host.stats.Stats;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Without a worker whatever is accepted fails with an exception that nobody expects. */
class ThreadListenerTest {
  private ThreadListener listener;

  @BeforeEach
  void bind() throws Listening.BindFailure {
    RelayGenerations generations = new RelayGenerations(1, IoModel.THREAD, 1024);
    ListenerPlan plan =
        generations.next(generations.extension("1.0.0"), 1).listeners().iterator().next();
    Shards shards = new Shards(0, 1, ByteBufAllocator.DEFAULT);
    listener = ThreadListener.bind(plan, plan.address(), shards, List.of(), new Stats());
  }

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void acceptsOn_whateverIsThrown_andClosesWhatItCanNotServe() throws IOException {
    listener.accept();
    for (int i = 0; i < 3; i++) {
      try (Socket client = connect(10_000)) {
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void leavesClientsInTheBacklog_whileItIsHeld() throws IOException {
    listener.hold(true);
    listener.accept();
    try (Socket client = connect(300)) {
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      listener.hold(false);
      client.setSoTimeout(10_000);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  private Socket connect(int timeoutMillis) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
    client.setSoTimeout(timeoutMillis);
    return client;
  }
}
