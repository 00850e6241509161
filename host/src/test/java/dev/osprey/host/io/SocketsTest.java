package dev.osprey.host.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.host.overload.Overload;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class SocketsTest {
  @Test
  void takesWhatWasWishedFor_whereItCanBeHad() {
    assertThat(chosen(Transport.NIO)).isEqualTo(Transport.NIO);
    assertThat(chosen(Transport.EPOLL))
        .isEqualTo(Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO);
    assertThat(chosen(Transport.IO_URING))
        .isEqualTo(UringSockets.obstacle() == null ? Transport.IO_URING : chosen(Transport.EPOLL));
  }

  @Test
  void saysTheInnermostReason() {
    Throwable cause =
        new IllegalStateException("not now", new IOException("Operation not permitted"));
    assertThat(Sockets.words(cause)).isEqualTo("IOException: Operation not permitted");
    assertThat(Sockets.words(null)).isEqualTo("unknown");
  }

  @Test
  void sharesPortsBetweenLoops_onLinux() {
    assertThat(sockets(Transport.EPOLL).canSharePorts()).isTrue();
    assertThat(sockets(Transport.NIO).serverChannel()).isEqualTo(NioServerSocketChannel.class);
  }

  @Test
  void namesTheEndpointOnce_asPeopleWriteIt() {
    InetSocketAddress endpoint = new InetSocketAddress(InetAddress.getLoopbackAddress(), 81);
    assertThat(Sockets.reason(endpoint, new IOException("refused: " + endpoint)))
        .isEqualTo("127.0.0.1:81: refused");
    assertThat(Sockets.reason(endpoint, new IOException("refused")))
        .isEqualTo("127.0.0.1:81: refused");
    assertThat(Sockets.reason(endpoint, new IOException()))
        .isEqualTo("127.0.0.1:81: java.io.IOException");
  }

  @Test
  void readsTheSetting() {
    assertThat(Transport.of("io_uring")).contains(Transport.IO_URING);
    assertThat(Transport.of("uring")).isEmpty();
  }

  private static Transport chosen(Transport wish) {
    return sockets(wish).transport();
  }

  private static Sockets sockets(Transport wish) {
    ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    Overload overload = new Overload(Overload.Limits.DEFAULT, allocator, _ -> _ -> {});
    return new Sockets(wish, allocator, overload);
  }
}
