package dev.osprey.host.io;

import dev.osprey.host.loop.AddressText;
import dev.osprey.host.plan.IoModel;
import java.net.InetSocketAddress;

/** A bound listener: its sockets, whichever I/O model accepts on them. For the control thread. */
interface Listening {
  /** Its name in the configuration. */
  String name();

  /** The address in the configuration. */
  InetSocketAddress wanted();

  /** The address it has; the port is the system's choice where 0 was wanted. */
  InetSocketAddress address();

  /** What moves its connections. */
  IoModel model();

  /** Accepted connections that are open; any thread. */
  int openConnections();

  /** Begins to accept. */
  void accept();

  /** Leaves new connections where they are, or takes them again; any thread. */
  void hold(boolean on);

  /** Gives the address up; what was accepted goes on. */
  void close();

  /** An address can't be bound. */
  final class BindFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private BindFailure(String message) {
      super(message);
    }

    static BindFailure of(String listener, InetSocketAddress address, Throwable cause) {
      return new BindFailure(
          "listener "
              + listener
              + ": can't listen on "
              + AddressText.of(address)
              + ": "
              + cause.getMessage());
    }
  }
}
