package dev.osprey.host.loop;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as people write them: without the slash that the JDK puts before them. */
public final class AddressText {
  private AddressText() {}

  /** For example {@code 127.0.0.1:80} or {@code [::1]:80}; {@code -} for none. */
  public static String of(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
      String host = inet.getAddress().getHostAddress();
      boolean isSix = inet.getAddress() instanceof Inet6Address;
      return (isSix ? "[" + host + "]" : host) + ":" + inet.getPort();
    }
    return address == null ? "-" : address.toString();
  }
}
