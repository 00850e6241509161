package dev.osprey.host.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;

class AddressTextTest {
  @Test
  void isWhatPeopleWrite() {
    assertThat(AddressText.of(address("127.0.0.1"))).isEqualTo("127.0.0.1:80");
    assertThat(AddressText.of(address("::1"))).isEqualTo("[0:0:0:0:0:0:0:1]:80");
    assertThat(AddressText.of(UnixDomainSocketAddress.of("/x"))).isEqualTo("/x");
    assertThat(AddressText.of(null)).isEqualTo("-");
  }

  private static InetSocketAddress address(String literal) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), 80);
  }
}
