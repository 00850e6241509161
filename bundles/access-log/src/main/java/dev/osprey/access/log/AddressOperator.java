package dev.osprey.access.log;

import dev.osprey.spi.log.AccessRecord;
import io.netty.buffer.ByteBuf;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address: {@code 10.0.0.1:80}, {@code [::1]:80} (RFC 5952), or what a local socket says.
 *
 * @param value reads it
 * @param withPort false: the host alone, without brackets
 * @param texts words hosts
 */
record AddressOperator(Value value, boolean withPort, HostTexts texts) implements Operator {
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
      appendHost(host, line);
    }
    if (withPort) {
      line.writeByte(':');
      Digits.append(inet.getPort(), line);
    }
  }

  private void appendHost(InetAddress host, ByteBuf line) {
    boolean isBracketed = withPort && host instanceof Inet6Address;
    if (isBracketed) {
      line.writeByte('[');
    }
    line.writeBytes(texts.of(host));
    if (isBracketed) {
      line.writeByte(']');
    }
  }
}
