package dev.osprey.http.common;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The classes of characters, and the loops that look at eight of them at a time. */
class CharsTest {
  @Property
  void valueEnd_isThatOfALookAtEachByte(
      @ForAll @Size(max = 40) byte[] bytes, @ForAll @IntRange(max = 9) int from) {
    int at = Math.min(from, bytes.length);
    assertThat(Chars.valueEnd(bytes, at, bytes.length)).isEqualTo(slowValueEnd(bytes, at));
  }

  @Property
  void targetEnd_isThatOfALookAtEachByte(
      @ForAll @Size(max = 40) byte[] bytes, @ForAll @IntRange(max = 9) int from) {
    int at = Math.min(from, bytes.length);
    int end = at;
    while (end < bytes.length && Chars.isTarget(bytes[end])) {
      end++;
    }
    assertThat(Chars.targetEnd(bytes, at, bytes.length)).isEqualTo(end);
  }

  @Test
  void findsOneBadByte_whereverItStands() {
    for (int bad : new int[] {0, '\r', '\n', 0x1f, 0x7f}) {
      for (int at = 0; at < 20; at++) {
        byte[] bytes = Bytes.of("a\u00e9\t ~".repeat(4));
        bytes[at] = (byte) bad;
        assertThat(Chars.valueEnd(bytes, 0, bytes.length)).isEqualTo(at);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a.example:8080", "192.0.2.1", "[::1]", "[::1]:80", "a:"})
  void takesHosts(String host) {
    assertThat(Chars.areAuthority(Bytes.of(host), 0, host.length())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {":80", "a b", "a@b", "a:b", "a:1:2", "[::1", "[::1]x", "a]", "a/b"})
  void refusesWhatIsNoHost(String host) {
    assertThat(Chars.areAuthority(Bytes.of(host), 0, host.length())).isFalse();
  }

  @Test
  void aTrimmedValueHasNoSpaceAtItsEnds() {
    assertThat(trimmed("")).isTrue();
    assertThat(trimmed("a b")).isTrue();
    assertThat(trimmed(" a")).isFalse();
    assertThat(trimmed("a\t")).isFalse();
    assertThat(trimmed("a\rb")).isFalse();
  }

  @Test
  void spellsInAnyCase_butIsOnlyToTheLetter() {
    byte[] text = Bytes.of("xCloSex");
    assertThat(Chars.spells(text, 1, 6, Bytes.of("close"))).isTrue();
    assertThat(Chars.spells(text, 1, 5, Bytes.of("close"))).isFalse();
    assertThat(Bytes.are(text, 1, 6, Bytes.of("close"))).isFalse();
    assertThat(Bytes.are(text, 1, 6, Bytes.of("CloSe"))).isTrue();
    assertThat(Bytes.are(text, 1, 5, Bytes.of("CloSe"))).isFalse();
  }

  private static boolean trimmed(String value) {
    return Chars.areTrimmedValue(Bytes.of(value), 0, value.length());
  }

  private static int slowValueEnd(byte[] bytes, int at) {
    int end = at;
    while (end < bytes.length && Chars.isValue(bytes[end])) {
      end++;
    }
    return end;
  }
}
