package dev.osprey.access.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HostTextsTest {
  private final HostTexts texts = new HostTexts();

  private String text(String literal) {
    return new String(texts.of(InetAddress.ofLiteral(literal)), StandardCharsets.US_ASCII);
  }

  @Test
  void wordsAHostOnce() {
    byte[] first = texts.of(InetAddress.ofLiteral("10.0.0.255"));
    assertThat(texts.of(InetAddress.ofLiteral("10.0.0.255"))).isSameAs(first);
    assertThat(first).asString().isEqualTo("10.0.0.255");
  }

  @Test
  void takesNoHostForAnother() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 1024; i++) {
        String four = "10.7." + i / 256 + "." + i % 256;
        assertThat(text(four)).isEqualTo(four);
        String six = "2001:db8::" + Integer.toHexString(i + 1);
        assertThat(text(six)).isEqualTo(six);
      }
    }
  }
}
