package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address: {@code 10.0.0.1:80}, {@code [::1]:80} (RFC 5952), or what a local socket says.
 *
 * @param value reads it
 * @param withPort false: the host alone, without brackets
 */
record AddressOperator(Value value, boolean withPort) implements Operator {
  private static final int GROUPS = 8;

  /** Where the address comes from. */
  interface Value {
    /** The address; null when the record has none. */
    @Nullable SocketAddress of(AccessRecord record);
  }

  @Override
  public boolean append(AccessRecord record, ByteBuf line, Escape escape) {
    SocketAddress address = value.of(record);
    if (address == null) {
      return false;
    }
    if (address instanceof InetSocketAddress inet) {
      appendInet(inet, line, escape);
    } else {
      escape.append(address.toString(), line);
    }
    return true;
  }

  private void appendInet(InetSocketAddress inet, ByteBuf line, Escape escape) {
    InetAddress host = inet.getAddress();
    if (host == null) {
      escape.append(inet.getHostString(), line);
    } else {
      appendHost(host.getAddress(), line);
    }
    if (withPort) {
      line.writeByte(':');
      Digits.append(inet.getPort(), line);
    }
  }

  private void appendHost(byte[] bytes, ByteBuf line) {
    if (bytes.length == 4) {
      appendV4(bytes, line);
      return;
    }
    if (withPort) {
      line.writeByte('[');
    }
    appendV6(bytes, line);
    if (withPort) {
      line.writeByte(']');
    }
  }

  private static void appendV4(byte[] bytes, ByteBuf line) {
    for (int i = 0; i < bytes.length; i++) {
      if (i > 0) {
        line.writeByte('.');
      }
      Digits.append(bytes[i] & 0xff, line);
    }
  }

  /** The longest run of at least two zero groups becomes two colons. */
  private static void appendV6(byte[] bytes, ByteBuf line) {
    int gap = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int zeros = zeros(bytes, i);
      if (zeros > gapLength) {
        gap = i;
        gapLength = zeros;
      }
    }
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        line.writeByte(':').writeByte(':');
        i += gapLength - 1;
        continue;
      }
      if (i > 0 && i != gap + gapLength) {
        line.writeByte(':');
      }
      Digits.appendHex(group(bytes, i), line);
    }
  }

  private static int zeros(byte[] bytes, int from) {
    int i = from;
    while (i < GROUPS && group(bytes, i) == 0) {
      i++;
    }
    return i - from;
  }

  private static int group(byte[] bytes, int i) {
    return (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
  }
}
